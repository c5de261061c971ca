using Granary.Grains.Explaining;
using Granary.Grains.Groups;
using Granary.Grains.Leases;
using Granary.Grains.Resources;

namespace Granary.Grains.Members;

/// <summary>Does what an edge asks of this silo directly.</summary>
public sealed class MemberCalls
{
    private readonly StandIn _standIn;
    private readonly Invalidations _invalidations;
    private readonly Ledger _ledger;
    private readonly MemberDirectory _members;
    private readonly Listening _listening;
    private readonly Granting _granting;
    private readonly Explainer _explaining;
    private readonly Reporting _reporting;

    internal MemberCalls(StandIn standIn, Invalidations invalidations, Ledger ledger, MemberDirectory members, Listening listening, Granting granting, Explainer explaining, Reporting reporting) =>
        (_standIn, _invalidations, _ledger, _members, _listening, _granting, _explaining, _reporting) = (standIn, invalidations, ledger, members, listening, granting, explaining, reporting);

    /// <summary>Never throws for what other silos do or do not do: then it is <see cref="MemberReply.Unable"/>.</summary>
    /// <param name="gone">When nobody waits for the answer any more.</param>
    public async Task<MemberReply> Do(MemberCall call, CancellationToken gone = default)
    {
        try
        {
            return await Reply(call, gone);
        }
        catch (Exception unable) when (unable is TimeoutException or OrleansException)
        {
            return new MemberReply.Unable();
        }
    }

    private async Task<MemberReply> Reply(MemberCall call, CancellationToken gone)
    {
        switch (call)
        {
            case MemberCall.Ask ask:
                return new MemberReply.Answered(await _standIn.Ask(ask.Uri, ask.Question));
            case MemberCall.Invalidate one:
                return new MemberReply.Removed(await _invalidations.Tell(one.Uri));
            case MemberCall.InvalidateGroups groups:
                await _ledger.Invalidate(new Scope.Groups(groups.Groups), isSoft: false);
                return new MemberReply.Removed(0);
            case MemberCall.InvalidateUris several:
                return Removed(await _invalidations.Purge(several.Uris, several.IsSoft));
            case MemberCall.InvalidateScope scope:
                return Removed(await _ledger.Invalidate(scope.Scope, scope.IsSoft));
            case MemberCall.WhoIsThere:
                return new MemberReply.Members(await _members.Current());
            case MemberCall.Listen listen:
                return await _listening.Listen(listen, gone);
            case MemberCall.Lease lease:
                return _granting.Grant(lease);
            case MemberCall.Explain explain:
                return new MemberReply.Explained(await _explaining.Explain(explain.Uris.IsDefault ? [] : explain.Uris));
            case MemberCall.Report:
                return new MemberReply.Reported(_reporting.Report());
            default:
                throw new InvalidOperationException($"{call.GetType().Name} is no call of this version.");
        }
    }

    private static MemberReply.Removed Removed(Purged purged) => new(purged.Hit) { Fenced = purged.Fenced };
}
