using Granary.Semantics.Freshness;
using Granary.Semantics.Reusability;
using Granary.Semantics.Storability;

namespace Granary.Grains.Origin;

/// <summary>What an operator wants otherwise on one route than on all. What is null is as on all. Wire shapes only grow.</summary>
[GenerateSerializer, Immutable, Alias("granary.RouteRules")]
public sealed record RouteRules
{
    [Id(0)] public double? HeuristicFraction { get; init; }

    [Id(1)] public TimeSpan? HeuristicCap { get; init; }

    [Id(2)] public TimeSpan? DefaultLifetime { get; init; }

    [Id(3)] public TimeSpan? ClientErrorLifetime { get; init; }

    [Id(4)] public TimeSpan? ServerErrorLifetime { get; init; }

    [Id(5)] public bool? HonourRequestDirectives { get; init; }

    [Id(6)] public SetCookieStorage? SetCookie { get; init; }

    [Id(7)] public bool? PassSurrogateKeys { get; init; }

    [Id(8)] public bool? RememberEarlyHints { get; init; }

    public FreshnessOptions Over(FreshnessOptions all) => all with
    {
        HeuristicFraction = HeuristicFraction ?? all.HeuristicFraction,
        HeuristicCap = HeuristicCap ?? all.HeuristicCap,
        DefaultLifetime = DefaultLifetime ?? all.DefaultLifetime,
        ClientErrorLifetime = ClientErrorLifetime ?? all.ClientErrorLifetime,
        ServerErrorLifetime = ServerErrorLifetime ?? all.ServerErrorLifetime,
    };

    public ReuseOptions Over(ReuseOptions all) => HonourRequestDirectives is { } honour ? all with { HonourRequestDirectives = honour } : all;
}
