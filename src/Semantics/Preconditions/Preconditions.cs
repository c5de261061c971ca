using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Preconditions;

/// <summary>What the preconditions of a request make of a response that would be reused.</summary>
public enum PreconditionResult
{
    /// <summary>Answer as if there were none.</summary>
    Proceed,

    /// <summary>Answer 304.</summary>
    NotModified,

    /// <summary>Answer 412.</summary>
    Failed,
}

/// <summary>
/// The preconditions a cache evaluates (RFC 9111 §4.3.2, RFC 9110 §13.2.2): If-None-Match, and If-Modified-Since where the former is absent.
/// If-Match and If-Unmodified-Since are the origin's to evaluate and are ignored here; Reusability forwards requests that carry them.
/// If-Range belongs to Ranges.
/// </summary>
public static class Preconditions
{
    /// <param name="receivedAt">When the selected response was received, for one with neither Last-Modified nor Date.</param>
    public static PreconditionResult Evaluate(RequestHead presented, ResponseHead selected, DateTimeOffset receivedAt)
    {
        if (selected.Status is < 200 or > 299) return PreconditionResult.Proceed;                   // RFC 9110 §13.2.1
        if (presented.Fields.Has(FieldNames.IfNoneMatch))
            return NoneMatches(presented.Fields, selected.Fields) ? PreconditionResult.Proceed : Matched(presented.Method);
        return Methods.IsUnderstoodForCaching(presented.Method) && !IsModified(presented.Fields, selected.Fields, receivedAt)
            ? PreconditionResult.NotModified
            : PreconditionResult.Proceed;
    }

    private static PreconditionResult Matched(string method) =>
        Methods.IsUnderstoodForCaching(method) ? PreconditionResult.NotModified : PreconditionResult.Failed;

    // RFC 9110 §13.1.2: "*" is false for any current representation; tags compare weakly.
    private static bool NoneMatches(FieldLines request, FieldLines selected)
    {
        if (request.Single(FieldNames.IfNoneMatch) == "*") return false;
        return EntityTag.Of(selected) is not { } tag || !EntityTag.ListHolds(request, FieldNames.IfNoneMatch, tag);
    }

    // RFC 9110 §13.1.3: what is no single valid date is ignored.
    private static bool IsModified(FieldLines request, FieldLines selected, DateTimeOffset receivedAt)
    {
        if (!HttpDate.TryParse(request.Single(FieldNames.IfModifiedSince), receivedAt, out var since)) return true;
        var modified = HttpDate.Of(selected, FieldNames.LastModified, receivedAt)
            ?? HttpDate.Of(selected, FieldNames.Date, receivedAt)
            ?? receivedAt;
        return modified > since;
    }

    /// <summary>
    /// What a 304 carries of the fields of the 200 (RFC 9110 §15.4.5): all but those that describe content, and Last-Modified only
    /// where there is no entity tag.
    /// </summary>
    public static FieldLines NotModifiedFields(FieldLines fields)
    {
        var hasEntityTag = fields.Has(FieldNames.ETag);
        return fields.Where(line => !DescribesContent(line) && !(hasEntityTag && line.Is(FieldNames.LastModified)));
    }

    private static bool DescribesContent(FieldLine line) =>
        line.Is(FieldNames.ContentType) || line.Is(FieldNames.ContentLength) || line.Is(FieldNames.ContentEncoding)
        || line.Is(FieldNames.ContentLanguage) || line.Is(FieldNames.ContentRange) || line.Is(FieldNames.AcceptRanges)
        || line.Is(FieldNames.TransferEncoding) || line.Is(FieldNames.Trailer)
        || line.Is("Content-MD5") || line.Is("Content-Disposition") || line.Is("Digest") || line.Is("Content-Digest") || line.Is("Repr-Digest");
}
