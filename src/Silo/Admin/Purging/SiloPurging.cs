using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;

namespace Granary.Silo.Admin.Purging;

/// <summary>By this silo, which tells all others. One that is no member yet, or no more, would not know whom to tell.</summary>
internal sealed class SiloPurging(IServiceProvider services, Readiness readiness) : IPurging
{
    public Task<Purged?> Purge(ImmutableArray<string> uris, bool isSoft) => Do(new MemberCall.InvalidateUris(uris, isSoft));

    public Task<Purged?> Purge(Scope scope, bool isSoft) => Do(new MemberCall.InvalidateScope(scope, isSoft));

    private async Task<Purged?> Do(MemberCall call) =>
        readiness.IsReady && await services.GetRequiredService<MemberCalls>().Do(call) is MemberReply.Removed removed ? new Purged(removed.Count, removed.Fenced) : null;
}
