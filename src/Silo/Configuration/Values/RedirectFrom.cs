namespace Granary.Silo.Configuration.Values;

/// <summary>A path of any host or of one, with all below it where it ends in an asterisk: <c>/old</c>, <c>/old/*</c>, <c>www.example.com/*</c>.</summary>
/// <param name="Host">In lower case, without a port; null: every host.</param>
/// <param name="Path">Without the asterisk.</param>
public sealed record RedirectFrom(string? Host, string Path, bool IsPrefix)
{
    /// <summary>What no request asks for.</summary>
    public static readonly RedirectFrom Nowhere = new(null, "", false);

    /// <summary>Null if the path of the request is another; else what stands for the asterisk, which may be nothing.</summary>
    /// <param name="path">Normalised, as in the target URI.</param>
    public string? Rest(ReadOnlySpan<char> host, string path)
    {
        if (Host is not null && !host.Equals(Host, StringComparison.OrdinalIgnoreCase)) return null;
        if (!IsPrefix) return path == Path ? "" : null;
        return path.StartsWith(Path, StringComparison.Ordinal) ? path[Path.Length..] : null;
    }

    public static RedirectFrom? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().ContainsAny("?#\\")) return null;
        var (host, path) = (slash == 0 ? null : text[..slash], text[slash..]);
        if (host is not null && OriginName.HostAndPort(host, 80) is not (var named, 80)) return null;
        var isPrefix = path.EndsWith("/*", StringComparison.Ordinal);
        if (isPrefix) path = path[..^1];
        return path.Contains('*', StringComparison.Ordinal) ? null : new RedirectFrom(host?.ToLowerInvariant(), path, isPrefix);
    }

    public override string ToString() => $"{Host}{Path}{(IsPrefix ? "*" : "")}";
}
