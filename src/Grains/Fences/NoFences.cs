using System.Collections.Immutable;

namespace Granary.Grains.Fences;

/// <summary>Without a Redis nobody can be fenced.</summary>
internal sealed class NoFences : IFences
{
    public Task<FenceReading> Read(CancellationToken cancellationToken) => Task.FromResult(new FenceReading(null, ImmutableHashSet<string>.Empty, ImmutableDictionary<string, FenceState>.Empty));

    public Task Register(string silo, string life, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<FenceState?> Add(string silo, ReadOnlyMemory<byte> missed, CancellationToken cancellationToken) => Task.FromResult<FenceState?>(null);

    public Task<FenceState?> StateOf(string silo, CancellationToken cancellationToken) => Task.FromResult<FenceState?>(null);

    public Task<ImmutableArray<MissedEntry>> Missed(string silo, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<MissedEntry>.Empty);

    public Task<bool> Heard(string silo, string life, long upTo, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task Remove(IEnumerable<string> silos, CancellationToken cancellationToken) => Task.CompletedTask;
}
