using System.Collections.Immutable;
using System.Text;

namespace Granary.Semantics.Messages;

/// <summary>Query parameters that an operator has declared to make no difference, as those of campaigns.</summary>
public static class QueryParameters
{
    /// <summary>The URI without the parameters of these names; a name may end in <c>*</c>. All else stays as it was, in its order.</summary>
    public static string Without(string uri, ImmutableArray<string> names)
    {
        var query = names.IsEmpty ? -1 : uri.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return uri;
        var kept = new StringBuilder(uri.Length);
        var rest = uri.AsSpan(query + 1);
        foreach (var range in rest.Split('&'))
            if (!IsOneOf(NameOf(rest[range]), names)) kept.Append(kept.Length == 0 ? '?' : '&').Append(rest[range]);
        return kept.Length == uri.Length - query ? uri : $"{uri.AsSpan(0, query)}{(kept.Length == 1 ? "" : kept)}";
    }

    internal static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> parameter) => parameter.IndexOf('=') is >= 0 and var end ? parameter[..end] : parameter;

    internal static bool IsOneOf(ReadOnlySpan<char> name, ImmutableArray<string> names)
    {
        if (name.IsEmpty) return false;
        foreach (var each in names)
            if (each.EndsWith('*') ? name.StartsWith(each.AsSpan(0, each.Length - 1), StringComparison.Ordinal) : name.SequenceEqual(each)) return true;
        return false;
    }
}
