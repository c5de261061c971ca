using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Members;

namespace Granary.Silo.Admin.Purging;

/// <summary>By this silo, which tells all others. One that is no member yet, or no more, would not know whom to tell.</summary>
internal sealed class SiloPurging(IServiceProvider services, Readiness readiness) : IPurging
{
    public async Task<int?> Purge(ImmutableArray<string> uris, bool isSoft) => await Do(new MemberCall.InvalidateUris(uris, isSoft));

    public async Task<bool> Purge(Scope scope, bool isSoft) => await Do(new MemberCall.InvalidateScope(scope, isSoft)) is not null;

    private async Task<int?> Do(MemberCall call) =>
        readiness.IsReady && await services.GetRequiredService<MemberCalls>().Do(call) is MemberReply.Removed removed ? removed.Count : null;
}
