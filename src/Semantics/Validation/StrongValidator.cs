using Granary.Semantics.Fields;

namespace Granary.Semantics.Validation;

/// <summary>
/// What proves that bytes of two responses are of one representation: a strong entity tag or, where there is no tag at all, a strong
/// Last-Modified (RFC 9110 §8.8.1, §8.8.2.2).
/// </summary>
/// <param name="Text">Ready for If-Range (§13.1.5).</param>
public readonly record struct StrongValidator(string Text)
{
    public static StrongValidator? Of(FieldLines fields)
    {
        if (!fields.Has(FieldNames.ETag)) return OfLastModified(fields);
        return EntityTag.Of(fields) is { IsWeak: false } tag ? new StrongValidator(tag.ToString()) : null;
    }

    /// <summary>RFC 9110 §15.3.7.3, RFC 9111 §3.4: the same strong validator; a coding that differs belies the tag.</summary>
    public static bool AreShared(StoredResponse stored, StoredResponse newer) =>
        stored.StrongValidator is { } held && newer.StrongValidator == held
        && (newer.Head.Fields.Combined(FieldNames.ContentEncoding) is not { } coding || coding == stored.Head.Fields.Combined(FieldNames.ContentEncoding));

    // Date is at least a minute later: the clock's second had passed by then.
    private static StrongValidator? OfLastModified(FieldLines fields)
    {
        if (HttpDate.Of(fields, FieldNames.Date, DateTimeOffset.UnixEpoch) is not { } date) return null;
        return HttpDate.Of(fields, FieldNames.LastModified, date) is { } modified && date - modified >= TimeSpan.FromSeconds(60)
            ? new StrongValidator(HttpDate.Format(modified))
            : null;
    }
}
