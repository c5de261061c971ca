using System.Collections.Immutable;
using Granary.Edge.Leases;
using Granary.Edge.Owners;
using Granary.Edge.Routing;
using Granary.Grains.Explaining;
using Granary.Grains.Members;
using Granary.Silo.Admin.Explaining;
using Granary.Silo.Configuration;

namespace Granary.Edge.Admin;

/// <summary>By the silo in this process, or by one of the cluster, the owner first; and what this edge itself holds and has decided.</summary>
internal sealed class EdgeExplaining(IServiceProvider services, CacheKeys keys, SettingsSource settings) : IExplaining
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private const int MostAsked = 3;

    public async Task<Explained> Explain(string uri)
    {
        ImmutableArray<string> all = [.. keys.Of(uri)];
        if (services.GetService<Explainer>() is { } here) return new Explained(await here.Explain(all), null);
        return new Explained(await AskSilos(uri, all), Here(all));
    }

    // Any silo knows whom to ask; the owner needs nobody in between.
    private async Task<Explanation> AskSilos(string uri, ImmutableArray<string> all)
    {
        var (silos, calls) = (services.GetRequiredService<Silos>(), services.GetRequiredService<ISiloCalls>());
        var asked = silos.Ranked(uri).OrderBy(silos.IsSilent).Take(MostAsked).ToArray();
        foreach (var silo in asked)
            if (await calls.Ask(silo, new MemberCall.Explain(all), Deadline, CancellationToken.None) is MemberReply.Explained reply) return reply.Explanation;
        return new Explanation([.. all.Select(static key => new ExplainedKey(key, null, null))], [], [.. asked.Select(static silo => silo.Name)]);
    }

    private ExplainedPlace Here(ImmutableArray<string> all)
    {
        var decisions = services.GetRequiredService<DecisionLog>();
        var copies = services.GetService<LeasedCopies>();
        return new ExplainedPlace(
            $"{settings.Current.Cluster.Name} (edge)",
            copies is null ? [] : [.. all.SelectMany(copies.Explain)],
            [.. all.SelectMany(key => decisions.Of(key)).OrderBy(static decision => decision.Ago).Take(DecisionLog.PerKey)]);
    }
}
