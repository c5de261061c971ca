using System.Collections.Immutable;
using Granary.Semantics.Fields;
using Granary.Semantics.Fields.Structured;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Invalidation;

/// <summary>
/// Groups of stored responses that are invalidated together: Cache-Groups (RFC 9875), which are groups of one origin, and tags (Surrogate-Key, Cache-Tag),
/// which are the operator's over all origins. Each group has a key; keys of different kinds or origins never fall together.
/// </summary>
public static class CacheGroups
{
    // No origin and no group has this character: strings of structured fields are printable ASCII (RFC 8941 §3.3.3).
    private const char Separator = '\n';

    /// <summary>The groups that a response belongs to (RFC 9875 §2).</summary>
    public static ImmutableArray<string> Of(string targetUri, FieldLines response) => Keys(targetUri, response, FieldNames.CacheGroups);

    /// <summary>The groups that a response to an unsafe request invalidates (RFC 9875 §3); for a safe one the field must be ignored.</summary>
    public static ImmutableArray<string> Invalidated(RequestHead request, ResponseHead response) =>
        Methods.IsSafe(request.Method) ? [] : Keys(request.TargetUri, response.Fields, FieldNames.CacheGroupInvalidation);

    /// <summary>The tags that a response has in these fields: separated by spaces or commas.</summary>
    public static ImmutableArray<string> Tags(FieldLines response, ImmutableArray<string> fieldNames)
    {
        ImmutableArray<string>.Builder? keys = null;
        foreach (var line in response)
            if (IsOneOf(line, fieldNames))
                foreach (var range in line.Value.AsSpan().SplitAny(' ', ',', '\t'))
                    if (line.Value.AsSpan()[range] is { IsEmpty: false } tag) (keys ??= ImmutableArray.CreateBuilder<string>()).Add(Tag(tag));
        return keys?.ToImmutable() ?? [];
    }

    /// <summary>The key of a tag.</summary>
    public static string Tag(ReadOnlySpan<char> tag) => $"{Separator}{tag}";

    /// <summary>The key of the tag that has the name of this group.</summary>
    public static string TagOf(string group) => group.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var name ? group[name..] : group;

    public static FieldLines WithoutTags(FieldLines response, ImmutableArray<string> fieldNames)
    {
        foreach (var line in response)
            if (IsOneOf(line, fieldNames)) return response.Where(each => !IsOneOf(each, fieldNames));
        return response;
    }

    private static bool IsOneOf(FieldLine line, ImmutableArray<string> names)
    {
        foreach (var name in names)
            if (line.Is(name)) return true;
        return false;
    }

    // A list that is not one of strings is no such field (RFC 8941 §1.1: ignored as a whole).
    private static ImmutableArray<string> Keys(string uri, FieldLines response, string field)
    {
        if (!response.Has(field) || StructuredField.List(response, field) is not { IsEmpty: false } members) return [];
        var origin = Invalidation.Origin(uri).ToString();
        var keys = ImmutableArray.CreateBuilder<string>(members.Length);
        foreach (var member in members)
        {
            if (member.Type != StructuredType.String) return [];
            keys.Add($"{origin}{Separator}{member.Text}");
        }

        return keys.MoveToImmutable();
    }
}
