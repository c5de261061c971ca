using System.Text;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Validation;

/// <summary>The fields with which a cache asks its origin whether a stored response still holds. RFC 9111 §4.3.1.</summary>
public static class ValidationRequest
{
    // An origin may refuse a long head; what is left out is fetched anew instead of validated.
    private const int LongestList = 4096;

    /// <summary>
    /// Adds If-None-Match with the entity tags of <paramref name="offered"/>, as the origin wrote them, and If-Modified-Since when only one is offered.
    /// </summary>
    public static FieldLines Conditionalise(FieldLines presentedWithoutConditionals, IReadOnlyList<StoredResponse> offered)
    {
        var fields = presentedWithoutConditionals;
        if (EntityTags(offered) is { Length: > 0 } tags) fields = fields.With(FieldNames.IfNoneMatch, tags);
        return offered is [{ LastModified: not null } only]
            ? fields.With(FieldNames.IfModifiedSince, only.Head.Fields.First(FieldNames.LastModified)!)
            : fields;
    }

    /// <summary>Without the client's own preconditions (RFC 9110 §13.1), which are evaluated against what the cache gets; If-Range goes with Range.</summary>
    public static FieldLines WithoutPreconditions(FieldLines fields) => fields.Where(line => !IsPrecondition(line));

    /// <summary>To fetch the whole: without Range and If-Range.</summary>
    public static FieldLines WithoutRange(FieldLines fields) =>
        fields.Where(line => !line.Is(FieldNames.Range) && !line.Is(FieldNames.IfRange));

    private static bool IsPrecondition(FieldLine line) =>
        line.Is(FieldNames.IfNoneMatch) || line.Is(FieldNames.IfModifiedSince) || line.Is(FieldNames.IfMatch) || line.Is(FieldNames.IfUnmodifiedSince);

    private static string EntityTags(IReadOnlyList<StoredResponse> offered)
    {
        if (offered is [var only]) return Tag(only) ?? "";
        var list = new StringBuilder();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in offered)
        {
            if (Tag(stored) is not { } tag || !listed.Add(tag) || list.Length + tag.Length > LongestList) continue;
            list.Append(list.Length > 0 ? ", " : "").Append(tag);
        }

        return list.ToString();
    }

    private static string? Tag(StoredResponse stored) => stored.EntityTag is null ? null : stored.Head.Fields.First(FieldNames.ETag);
}
