using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Validation;

/// <summary>Which stored response a 304 is about. RFC 9111 §4.3.4.</summary>
public static class NotModified
{
    /// <summary>
    /// The index of the most recent of <paramref name="offered"/> that the validators in the 304 select, or -1: then it must not be used, and the
    /// request is made again without conditions.
    /// </summary>
    public static int Selected(ResponseHead notModified, IReadOnlyList<StoredResponse> offered)
    {
        var fields = notModified.Fields;
        if (fields.Has(FieldNames.ETag))
            return EntityTag.Of(fields) is { } tag ? MostRecent(offered, stored => Identifies(tag, stored)) : -1;
        if (fields.First(FieldNames.LastModified) is { } text)
            return MostRecent(offered, stored => IsLastModified(stored, text));

        // No validator at all. Many origins leave them out of a 304; it can only be about what was asked, if that was one.
        return offered.Count == 1 ? 0 : -1;
    }

    // Same characters. We depart from the letter on purpose where a weak tag is stored and a strong one comes: servers that compress
    // send W/"x" with 200 and "x" with 304. The stored tag stays weak (see Storing), so nothing is taken for byte-equal by this.
    private static bool Identifies(EntityTag tag, StoredResponse stored) => stored.EntityTag is { } known && tag.IsWeakly(known);

    private static bool IsLastModified(StoredResponse stored, string text) =>
        stored.LastModified is { } known && HttpDate.TryParse(text, stored.ResponseTime, out var modified) && modified == known;

    private static int MostRecent(IReadOnlyList<StoredResponse> offered, Predicate<StoredResponse> matches)
    {
        var found = -1;
        for (var i = 0; i < offered.Count; i++)
            if (matches(offered[i]) && (found < 0 || offered[i].Recency > offered[found].Recency)) found = i;
        return found;
    }
}
