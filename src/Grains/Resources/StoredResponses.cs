using System.Collections;
using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics;

namespace Granary.Grains.Resources;

/// <summary>The responses of stored variants, as Semantics wants to see them: a view, because it is made for each request.</summary>
internal readonly struct StoredResponses(ImmutableArray<StoredVariant> variants) : IReadOnlyList<StoredResponse>
{
    public int Count => variants.Length;

    public StoredResponse this[int index] => variants[index].Response;

    public StoredResponses With(ImmutableArray<StoredVariant> more) => new(variants.AddRange(more));

    public IEnumerator<StoredResponse> GetEnumerator()
    {
        foreach (var variant in variants) yield return variant.Response;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
