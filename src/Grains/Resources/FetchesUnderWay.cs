using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>
/// The fetches under way in this silo by target URI. Kept apart from the activations: one that is lost and comes up again finds
/// them here and begins no second one (P1).
/// </summary>
internal sealed class FetchesUnderWay
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Fetch>> _byUri = new();
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(static _ => new Lock())];

    public ImmutableArray<Fetch> Of(string uri) => _byUri.TryGetValue(uri, out var fetches) ? fetches : [];

    /// <summary>Held while somebody looks for a fetch to join and begins one if there is none. Nothing is waited for under it.</summary>
    public Lock GateOf(string uri) => _gates[(uint)uri.GetHashCode(StringComparison.Ordinal) % (uint)_gates.Length];

    public int Count => _byUri.Count;

    /// <summary>Names in the keys of what was ever fetched here.</summary>
    public KeyNames Names { get; } = new();

    public void Add(string uri, Fetch fetch)
    {
        Names.Learn(uri);
        _byUri.AddOrUpdate(uri, static (_, added) => [added], static (_, fetches, added) => fetches.Add(added), fetch);
    }

    public void Remove(string uri, Fetch fetch)
    {
        while (_byUri.TryGetValue(uri, out var fetches))
        {
            var rest = fetches.Remove(fetch);
            var done = rest.IsEmpty
                ? ((ICollection<KeyValuePair<string, ImmutableArray<Fetch>>>)_byUri).Remove(new(uri, fetches))
                : _byUri.TryUpdate(uri, rest, fetches);
            if (done) return;
        }
    }
}
