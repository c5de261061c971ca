using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

/// <summary>One URL pattern, ready to be compared.</summary>
/// <param name="isWide">In doubt it matches.</param>
internal sealed class UrlMatch(UrlPattern pattern, bool isWide)
{
    private readonly string[]? _path = pattern.Path is { } path ? Normal(path).Split('*') : null;
    private readonly string[]? _lax = pattern.Path is { } path ? PathForms.Lax(path).Split('*') : null;
    private readonly bool _asksQuery = pattern.Path?.Contains('?', StringComparison.Ordinal) == true;

    public bool Matches(PolicyRequest request)
    {
        if (request.Scheme is null || (pattern.Scheme is { } scheme && scheme != request.Scheme)) return false;
        if (!IsPort(request) || !pattern.Host.Matches(request.Host!)) return false;
        if (_path is null) return true;
        return isWide ? IsWidely(request.PathAndQuery!, request.LaxPathAndQuery) : Glob(request.PathAndQuery, _path) && Glob(request.LaxPathAndQuery, _lax!);
    }

    // An origin that does not know a query, or a slash at the end, mostly does not mind it.
    private bool IsWidely(string path, string lax)
    {
        if (Glob(path, _path!) || Glob(lax, _lax!)) return true;
        if (_asksQuery) return false;
        var bare = lax.AsSpan(0, lax.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : lax.Length);
        return Glob(bare, _lax!) || (bare is [_, .., '/'] && Glob(bare[..^1], _lax!));
    }

    private bool IsPort(PolicyRequest request) => pattern.Port switch
    {
        0 => true,
        null => isWide || request.Port == (request.Scheme == "https" ? 443 : 80),
        { } port => port == request.Port,
    };

    // Leftmost first is right where only asterisks are left open: what a part leaves over is never less than by another choice.
    private bool Glob(ReadOnlySpan<char> text, string[] parts)
    {
        var compares = isWide ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!text.StartsWith(parts[0], compares)) return false;
        text = text[parts[0].Length..];
        if (parts.Length == 1) return text.IsEmpty;
        foreach (var part in parts.AsSpan(1..^1))
        {
            if (text.IndexOf(part, compares) is not (>= 0 and var at)) return false;
            text = text[(at + part.Length)..];
        }

        return text.EndsWith(parts[^1], compares);
    }

    private static string Normal(string path) => Semantics.Messages.TargetUri.Effective("http", "x", path)!["http://x".Length..];
}
