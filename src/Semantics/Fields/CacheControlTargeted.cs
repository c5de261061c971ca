using System.Collections.Immutable;
using Granary.Semantics.Fields.Structured;

namespace Granary.Semantics.Fields;

public sealed partial class CacheControl
{
    /// <summary>Read from a targeted field (RFC 9213), so that Expires says nothing either.</summary>
    public bool IsTargeted { get; private init; }

    /// <summary>
    /// RFC 9213 §2.1: directives by the types of structured fields. A time that is no Integer makes the field invalid as a whole: null. What forbids is obeyed whatever
    /// value it has, except false; what permits only where it is true.
    /// </summary>
    internal static CacheControl? OfTargeted(ImmutableArray<StructuredMember> members)
    {
        var read = new CacheControl { IsTargeted = true };
        foreach (var (key, value) in members)
            if (!value.IsFalse && !read.Take(key, value)) return null;
        return read;
    }

    private bool Take(string key, StructuredValue value)
    {
        switch (key)
        {
            case "max-age": return (MaxAge = SecondsOf(value)) is not null;
            case "s-maxage": return (SMaxAge = SecondsOf(value)) is not null;
            case "stale-while-revalidate": return (StaleWhileRevalidate = SecondsOf(value)) is not null;
            case "stale-if-error": return (StaleIfError = SecondsOf(value)) is not null;
            case "no-cache": TakeNoCache(ListOf(value)); return true;
            case "private": TakePrivate(ListOf(value)); return true;
            default: TakeFlag(key, value); return true;
        }
    }

    private void TakeFlag(string key, StructuredValue value)
    {
        if (key == "no-store") NoStore = true;
        else if (key == "must-revalidate") MustRevalidate = true;
        else if (key == "proxy-revalidate") ProxyRevalidate = true;
        else if (key == "no-transform") NoTransform = true;
        else if (!value.IsTrue) return;
        else if (key == "public") Public = true;
        else if (key == "immutable") Immutable = true;
        else if (key == "must-understand") MustUnderstand = true;
    }

    // A negative time is an Integer, and invalid freshness information: stale (RFC 9111 §4.2.1).
    private static TimeSpan? SecondsOf(StructuredValue value) => value.Type == StructuredType.Integer
        ? TimeSpan.FromSeconds(Math.Clamp(value.Integer, 0, (long)DeltaSeconds.Max.TotalSeconds))
        : null;

    private static Argument ListOf(StructuredValue value) => new(value.Type == StructuredType.String ? value.Text : [], isMalformed: false);
}
