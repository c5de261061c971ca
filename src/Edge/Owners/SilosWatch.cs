using System.Collections.Immutable;
using Granary.Grains.Members;
using Granary.Silo.Admin;

namespace Granary.Edge.Owners;

/// <summary>Keeps <see cref="Silos"/> up to date: (1) ask Orleans, or whichever silo answers directly, who is there  (2) look whether those that are doubted live.</summary>
internal sealed class SilosWatch(IGrainFactory grains, Silos silos, SiloCalls calls, Readiness readiness, TimeProvider clock, ILogger<SilosWatch> logger) : BackgroundService
{
    private const string Part = "silos";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>One round.</summary>
    public async Task Look(CancellationToken cancellationToken)
    {
        if (await Current(cancellationToken) is { IsEmpty: false } members) Know(members);                                       // (1)
        await Task.WhenAll(silos.Members.Where(IsInDoubt).Select(doubted => LookAt(doubted, cancellationToken)));                // (2)
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        readiness.NotReady(Part, "Not yet told which silos there are.");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do await Look(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
    }

    private bool IsInDoubt(Member silo) => silos.IsDoubted(silo) || silos.IsSilent(silo);

    private void Know(ImmutableArray<Member> members)
    {
        silos.Members = members;
        readiness.Ready(Part);
    }

    private async Task LookAt(Member doubted, CancellationToken cancellationToken)
    {
        if (await Ask(doubted, cancellationToken) is null) silos.StillDoubts(doubted);
        else if (silos.Trusts(doubted)) logger.OwnerIsTrusted(doubted.Name);
    }

    private async Task<ImmutableArray<Member>?> Current(CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IMembersGrain>(0).Current().WaitAsync(Patience, clock, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested) // of whatever kind: it comes from beyond a boundary
        {
            foreach (var silo in silos.Members.OrderBy(silos.IsSilent).ThenBy(silos.IsDoubted))
                if (await Ask(silo, cancellationToken) is { } members) return members;
            return null;
        }
    }

    private async Task<ImmutableArray<Member>?> Ask(Member silo, CancellationToken cancellationToken) =>
        (await calls.Ask(silo, new MemberCall.WhoIsThere(), Patience, cancellationToken) as MemberReply.Members)?.All;
}
