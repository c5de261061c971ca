using Granary.Semantics.Fields;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Rules.Compression;

/// <summary>What a content coding changes in the head of a response.</summary>
internal static class CodedFields
{
    // RFC 9530 §2, §3: digests of content and of representation alike are those of other bytes now; so are RFC 3230's and RFC 1864's.
    private static readonly string[] OfOtherBytes = [FieldNames.ContentLength, FieldNames.AcceptRanges, "Content-Digest", "Repr-Digest", "Digest", "Content-MD5"];

    public static void Write(HttpResponse response, CodingChoice choice)
    {
        if (!choice.Varies) return;
        response.HttpContext.Features.Set(choice);
        Vary(response.Headers);
        if (choice.Coding is not { } coding) return;
        Weaken(response.Headers);
        foreach (var name in OfOtherBytes) response.Headers.Remove(name);
        if (response.StatusCode != StatusCodes.Status304NotModified) response.Headers.ContentEncoding = coding.Token();
    }

    /// <summary>RFC 9110 §8.8.3.3: a strong entity tag is not that of two codings of a content.</summary>
    public static void Weaken(IHeaderDictionary fields)
    {
        if (fields.ETag is [{ } tag] && tag.StartsWith('"')) fields.ETag = $"W/{tag}";
    }

    /// <summary>
    /// A 304 of the origin says nothing of the media type. A client that has been given the weak form of a tag, and asks with it alone, has the compressed form, and would not know the strong tag for its own
    /// (RFC 9111 §4.3.4).
    /// </summary>
    public static void WeakenAsAsked(HttpContext context)
    {
        if (context.Response.Headers.ETag is not [{ } tag] || !tag.StartsWith('"')) return;
        var asked = context.Request.Headers.IfNoneMatch.ToString();
        if (asked.Contains($"W/{tag}", StringComparison.Ordinal) && !asked.Replace($"W/{tag}", "", StringComparison.Ordinal).Contains(tag, StringComparison.Ordinal)) Weaken(context.Response.Headers);
    }

    private static void Vary(IHeaderDictionary fields)
    {
        foreach (var line in fields.Vary)
            foreach (var member in (line ?? "").AsSpan().Split(','))
                if (line.AsSpan()[member].Trim(" \t") is var name && (name is "*" || name.Equals(FieldNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase))) return;
        fields.Vary = StringValues.Concat(fields.Vary, FieldNames.AcceptEncoding);
    }
}
