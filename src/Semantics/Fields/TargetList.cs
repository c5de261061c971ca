using System.Collections.Immutable;
using Granary.Semantics.Fields.Structured;

namespace Granary.Semantics.Fields;

/// <summary>
/// The targeted fields that speak to this cache, the most applicable first (RFC 9213 §2.2). The first that a response has valid and not empty is its caching
/// policy, and then Cache-Control and Expires say nothing.
/// </summary>
public sealed record TargetList(ImmutableArray<string> Names)
{
    /// <summary>A cache that acts for clients, not for origins: RFC 9213 §3 speaks of caches that stand before an origin.</summary>
    public static readonly TargetList None = new([]);

    public static readonly TargetList Cdn = new([FieldNames.CdnCacheControl]);

    /// <summary>The members of the field that decides, or null if Cache-Control does.</summary>
    internal CacheControl? PolicyIn(FieldLines response)
    {
        foreach (var name in Names)
            if (response.Has(name) && StructuredField.Dictionary(response, name) is { IsEmpty: false } members
                && CacheControl.OfTargeted(members) is { } policy) return policy;
        return null;
    }

    public bool Equals(TargetList? other) => other is not null && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => Names.Length;
}
