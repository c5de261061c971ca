using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>A pattern for URLs. Scheme, host and port are compared apart from the path, so no asterisk reaches from one into the other.</summary>
/// <param name="Scheme">http or https; null: either.</param>
/// <param name="Port">Null: none is written; 0: any.</param>
/// <param name="Path">Path and query, in which an asterisk stands for anything; null: all.</param>
public sealed record UrlPattern(string? Scheme, HostPattern Host, int? Port, string? Path)
{
    private const int Most = 2048;

    public static UrlPattern? Parse(string text)
    {
        var at = text.IndexOf("://", StringComparison.Ordinal);
        if (at < 0 || text.Length > Most || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().ContainsAny("#\\@")) return null;
        var rest = text[(at + 3)..];
        var slash = rest.IndexOfAny(['/', '?']) is >= 0 and var i ? i : rest.Length;
        var path = slash == rest.Length ? null : rest[slash] == '/' ? rest[slash..] : $"/{rest[slash..]}";
        return text[..at].ToUpperInvariant() switch
        {
            "*" => Of(null, rest[..slash], path),
            "HTTP" => Of("http", rest[..slash], path),
            "HTTPS" => Of("https", rest[..slash], path),
            _ => null,
        };
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme ?? "*"}://{(Host.Name.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : $"{Host}")}{Port switch { null => "", 0 => ":*", _ => $":{Port}" }}{Path}");

    private static UrlPattern? Of(string? scheme, string authority, string? path)
    {
        var end = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : authority.Length;
        if (HostPattern.Parse(authority[..end]) is not { Kind: not HostPatternKind.List } host) return null;
        return authority[end..] switch
        {
            "" or ":" => new UrlPattern(scheme, host, null, path),
            ":*" => new UrlPattern(scheme, host, 0, path),
            [':', .. var port] when PortRange.ParseAny(port) is { Count: 1, First: > 0 and var number } => new UrlPattern(scheme, host, number, path),
            _ => null,
        };
    }
}
