using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Invalidation;

/// <summary>Which stored responses an unsafe request that succeeded makes invalid. RFC 9111 §4.4.</summary>
public static class Invalidation
{
    /// <summary>The target URI, and what Location and Content-Location name on the same origin; empty for safe methods and errors.</summary>
    public static IReadOnlyList<string> Targets(RequestHead request, ResponseHead response)
    {
        if (Methods.IsSafe(request.Method) || response.Status is < 200 or > 399) return [];
        var targets = new List<string>(3) { request.TargetUri };
        AddReferenced(targets, request.TargetUri, response.Fields.Single(FieldNames.Location));
        AddReferenced(targets, request.TargetUri, response.Fields.Single(FieldNames.ContentLocation));
        return targets;
    }

    private static void AddReferenced(List<string> targets, string target, string? reference)
    {
        if (reference is null || Resolve(target, reference) is not { } uri || !IsSameOrigin(target, uri)) return;
        if (!targets.Contains(uri)) targets.Add(uri);
    }

    // RFC 3986 §5.2, then brought into the form of the key.
    internal static string? Resolve(string target, string reference)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var root) || !Uri.TryCreate(root, reference, out var uri)) return null;
        return uri.UserInfo.Length > 0 ? null : TargetUri.Effective(uri.Scheme, uri.Authority, uri.PathAndQuery);
    }

    // A response must not invalidate what another origin has answered (§4.4); both URIs are in normal form.
    private static bool IsSameOrigin(string a, string b) => Origin(a).Equals(Origin(b), StringComparison.Ordinal);

    /// <summary>The host of a URI in normal form, without the port.</summary>
    public static ReadOnlySpan<char> Host(string uri)
    {
        var authority = Origin(uri)[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = authority is ['[', ..] ? authority.IndexOf(']') + 1 : authority.IndexOf(':');
        return end <= 0 ? authority : authority[..end];
    }

    internal static ReadOnlySpan<char> Origin(string uri)
    {
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = uri.AsSpan(authority).IndexOf('/');
        return path < 0 ? uri : uri.AsSpan(0, authority + path);
    }
}
