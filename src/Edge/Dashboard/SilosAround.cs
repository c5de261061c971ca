using System.Collections.Immutable;
using Granary.Edge.Owners;
using Granary.Grains.Members;
using Granary.Grains.Placement;
using Granary.Silo.Configuration;

namespace Granary.Edge.Dashboard;

/// <summary>
/// The silo in this process, or those of the cluster, which are asked all at once and have a second to say how they are. However many look, they are asked once a second at most.
/// </summary>
internal sealed class SilosAround(IServiceProvider services, SettingsSource settings, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int SampledUrls = 2048;

    private readonly Lock _gate = new();
    private Task<ImmutableArray<SiloView>>? _last;
    private long _lastAt;
    private (ImmutableArray<Member> Of, ImmutableArray<double> Shares) _shares = ([], []);

    public Task<ImmutableArray<SiloView>> Look()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_last is { IsFaulted: false } last && clock.GetElapsedTime(_lastAt, now) < Patience) return last;
            _lastAt = now;
            return _last = services.GetService<Reporting>() is { } here ? Task.FromResult(Self(here.Report())) : Ask(services.GetRequiredService<Silos>());
        }
    }

    private ImmutableArray<SiloView> Self(SiloReport report) => [new SiloView(settings.Current.Cluster.Name, 1, report.IsInDoubt ? "in-doubt" : "active", report)];

    private async Task<ImmutableArray<SiloView>> Ask(Silos silos)
    {
        var (members, calls) = (silos.Members, services.GetRequiredService<ISiloCalls>());
        var shares = SharesOf(members);
        var replies = await Task.WhenAll(members.Select(silo => calls.Ask(silo, new MemberCall.Report(), Patience, CancellationToken.None)));
        return [.. members.Select((silo, i) => View(silo, shares[i], replies[i] as MemberReply.Reported, silos))];
    }

    private static SiloView View(Member silo, double share, MemberReply.Reported? reply, Silos silos) => new(silo.Name, share, reply switch
    {
        { Report.IsInDoubt: true } => "in-doubt",
        not null when silos.IsDoubted(silo) => "doubted",
        not null => "active",
        _ => silos.IsSilent(silo) || silos.IsDoubted(silo) ? "silent" : "not-told",
    }, reply?.Report);

    // By counting whose the URLs of a sample are: what each of them weighs follows from the names.
    private ImmutableArray<double> SharesOf(ImmutableArray<Member> members)
    {
        var known = _shares;
        if (known.Of.AsSpan().SequenceEqual(members.AsSpan())) return known.Shares;
        var owned = new int[members.Length];
        for (var url = 0; url < SampledUrls && members.Length > 0; url++)
            owned[members.IndexOf(Rendezvous.Rank($"http://sample/{url}", members, static member => member.Name)[0])]++;
        lock (_gate) _shares = (members, [.. owned.Select(static count => (double)count / SampledUrls)]);
        return _shares.Shares;
    }
}
