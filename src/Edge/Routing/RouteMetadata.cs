using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Semantics.Messages;
using Granary.Semantics.Storability;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Reading;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Routing;

/// <summary>
/// What a route's metadata say of the cache: <c>Granary.Cache</c> and its like. A dot and no colon, since a colon would make a section of it, and YARP's metadata have none.
/// </summary>
internal sealed record RouteMetadata(bool IsOn, bool PassesSessions, RouteRules? Rules)
{
    /// <summary>Null: as the settings say for all.</summary>
    public bool? Compresses { get; init; }

    /// <summary>The name of a limit.</summary>
    public string? LimitedBy { get; init; }

    /// <summary>How the query of the target URI is made that of the key.</summary>
    public QueryRule Query { get; init; } = QueryRule.None;

    public const string Prefix = "Granary.";

    public const string RateLimit = Prefix + "RateLimit";

    private static readonly RouteMetadata Default = new(IsOn: true, PassesSessions: false, Rules: null);

    private static readonly FrozenDictionary<string, Entry> Entries = new Dictionary<string, Entry>(StringComparer.OrdinalIgnoreCase)
    {
        [Prefix + "Cache"] = new(new OnOff(), static (read, value) => read with { IsOn = (bool)value }),
        [Prefix + "PassSessions"] = new(new FlagAttribute(""), static (read, value) => read with { PassesSessions = (bool)value }),
        [Prefix + "Compression"] = new(new OnOff(), static (read, value) => read with { Compresses = (bool)value }),
        [RateLimit] = new(new NameAttribute(""), static (read, value) => read with { LimitedBy = (string)value }),
        [Prefix + "QuerySort"] = new(new FlagAttribute(""), static (read, value) => read with { Query = read.Query with { Sorts = (bool)value } }),
        [Prefix + "QueryDrop"] = new(new ParameterNamesAttribute(""), static (read, value) => read with { Query = read.Query with { Drops = (ImmutableArray<string>)value } }),
        [Prefix + "QueryKeep"] = new(new ParameterNamesAttribute(""), static (read, value) => read with { Query = read.Query with { Keeps = (ImmutableArray<string>)value } }),
        [Prefix + "HeuristicFraction"] = OfRule("Freshness:HeuristicFraction", static (rules, value) => rules with { HeuristicFraction = (double)value }),
        [Prefix + "HeuristicCap"] = OfRule("Freshness:HeuristicCap", static (rules, value) => rules with { HeuristicCap = (TimeSpan)value }),
        [Prefix + "DefaultLifetime"] = OfRule("Freshness:DefaultLifetime", static (rules, value) => rules with { DefaultLifetime = (TimeSpan)value }),
        [Prefix + "ClientErrorLifetime"] = OfRule("Freshness:ClientErrorLifetime", static (rules, value) => rules with { ClientErrorLifetime = (TimeSpan)value }),
        [Prefix + "ServerErrorLifetime"] = OfRule("Freshness:ServerErrorLifetime", static (rules, value) => rules with { ServerErrorLifetime = (TimeSpan)value }),
        [Prefix + "HonourRequestDirectives"] = OfRule("Cache:HonourRequestDirectives", static (rules, value) => rules with { HonourRequestDirectives = (bool)value }),
        [Prefix + "SetCookie"] = OfRule("Cache:SetCookie", static (rules, value) => rules with { SetCookie = (SetCookieStorage)value }),
        [Prefix + "PassSurrogateKeys"] = OfRule("Cache:PassSurrogateKeys", static (rules, value) => rules with { PassSurrogateKeys = (bool)value }),
        [Prefix + "RememberEarlyHints"] = OfRule("Cache:RememberEarlyHints", static (rules, value) => rules with { RememberEarlyHints = (bool)value }),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every key there is.</summary>
    public static IEnumerable<string> Keys => Entries.Keys;

    /// <summary>What is mistaken was told at start or at reload, and counts for nothing.</summary>
    public static RouteMetadata Read(IReadOnlyDictionary<string, string>? metadata)
    {
        var read = Default;
        foreach (var (key, text) in metadata ?? FrozenDictionary<string, string>.Empty)
            if (Entries.TryGetValue(key, out var entry) && entry.Setting.Read((text ?? "").Trim()) is { } value) read = entry.Apply(read, value);
        return read;
    }

    /// <param name="at">The configuration key of the metadata.</param>
    public static IEnumerable<ConfigurationMistake> MistakesIn(string at, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (key, text) in metadata ?? FrozenDictionary<string, string>.Empty)
        {
            if (!IsOurs(key)) continue;
            if (!Entries.TryGetValue(key, out var entry)) yield return new($"{at}:{key}", text, $"one of {string.Join(", ", Keys.Order(StringComparer.Ordinal))}") { Suggestion = KnownNames.Nearest(key, Keys) };
            else if (entry.Setting.Read((text ?? "").Trim()) is null) yield return new($"{at}:{key}", text, entry.Setting.Allowed) { Suggestion = entry.Setting.Suggest(text ?? "") };
        }
    }

    private static bool IsOurs(string key) =>
        key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || key.Equals("Granary", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Granary:", StringComparison.OrdinalIgnoreCase);

    // Range and words are those of the setting that holds for all routes.
    private static Entry OfRule(string setting, Func<RouteRules, object, RouteRules> set) =>
        new(SettingKey.ByKey[$"{SettingKey.Root}:{setting}"].Setting, (read, value) => read with { Rules = set(read.Rules ?? new RouteRules(), value) });

    private sealed record Entry(SettingAttribute Setting, Func<RouteMetadata, object, RouteMetadata> Apply);

    private sealed class OnOff() : SettingAttribute("")
    {
        public override string Argument => "on|off";

        public override string Allowed => "on or off";

        public override object? Read(string text) => text.ToUpperInvariant() switch
        {
            "ON" or "TRUE" => true,
            "OFF" or "FALSE" => false,
            _ => null,
        };
    }
}
