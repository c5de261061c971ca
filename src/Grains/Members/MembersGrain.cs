using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Granary.Grains.Members;

/// <inheritdoc cref="IMembersGrain"/>
[StatelessWorker, Reentrant]
internal sealed class MembersGrain(MemberDirectory members) : Grain, IMembersGrain
{
    public Task<ImmutableArray<Member>> Current() => members.Current();
}
