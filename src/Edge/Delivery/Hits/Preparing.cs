using System.Collections.Immutable;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>Watches a hit that goes the whole way, and keeps its head, once it is written, for those who ask the same.</summary>
internal sealed class Preparing(PreparedHits prepared, PreparedHit.Request asked, string key, Question question, ImmutableArray<StoredVariant> variants, HttpResponse response)
{
    // What others have put into the response before is theirs to put into the next.
    private readonly string[] _before = response.Headers.Count == 0 ? [] : [.. response.Headers.Keys];

    public void HeadWritten(Representation representation)
    {
        if (representation is not ({ Head.Status: StatusCodes.Status200OK, IsCoded: false, Length: not null } or { Head.Status: StatusCodes.Status304NotModified })) return;
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, StringValues>>(response.Headers.Count);
        foreach (var field in response.Headers)
        {
            if (_before.Contains(field.Key, StringComparer.OrdinalIgnoreCase)) return;
            if (!IsOfTheMoment(field.Key)) fields.Add(field);
        }

        var statuses = response.Headers[FieldNames.CacheStatus];
        prepared.Put(new PreparedHit(
            asked, key, question, variants, response.StatusCode, representation.Head.Reason, fields.DrainToImmutable(), statuses.Count <= 1 ? StringValues.Empty : statuses.ToArray()[..^1])); // ours is the last
    }

    private static bool IsOfTheMoment(string name) => Is(name, FieldNames.Age) || Is(name, FieldNames.CacheStatus) || Is(name, FieldNames.ContentLength);

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
