namespace Granary.Silo.Configuration.Values;

/// <summary>How a host pattern compares.</summary>
public enum HostPatternKind
{
    /// <summary>The host itself.</summary>
    Exact,

    /// <summary>What is below the domain.</summary>
    Below,

    /// <summary>The domain and what is below it.</summary>
    Within,

    /// <summary>Every host.</summary>
    Any,

    /// <summary>What a list has.</summary>
    List,
}

/// <summary>A host, a domain, or the name of a list of them.</summary>
/// <param name="Name">In the form of <see cref="HostName"/>; of a list its name.</param>
public sealed record HostPattern(HostPatternKind Kind, string Name)
{
    private const string ListPrefix = "list:";

    public static HostPattern? Parse(string text)
    {
        if (text == "*") return new HostPattern(HostPatternKind.Any, text);
        if (text.StartsWith(ListPrefix, StringComparison.OrdinalIgnoreCase)) return text.Length > ListPrefix.Length ? new HostPattern(HostPatternKind.List, text[ListPrefix.Length..]) : null;
        var kind = text.StartsWith("*.", StringComparison.Ordinal) ? HostPatternKind.Below : text.StartsWith('.') ? HostPatternKind.Within : HostPatternKind.Exact;
        var host = text[(kind switch { HostPatternKind.Below => 2, HostPatternKind.Within => 1, _ => 0 })..];
        if (host.StartsWith('.') || host.Contains("..", StringComparison.Ordinal) || HostName.Normal(host, out var isAddress) is not { } name) return null;
        return isAddress && kind is not HostPatternKind.Exact ? null : new HostPattern(kind, name);
    }

    /// <summary>Whether it is that host, as far as no list is asked.</summary>
    public bool Matches(string host) => Kind switch
    {
        HostPatternKind.Any => true,
        HostPatternKind.Exact => host == Name,
        HostPatternKind.Below => IsBelow(host),
        HostPatternKind.Within => host == Name || IsBelow(host),
        _ => false,
    };

    public override string ToString() => Kind switch
    {
        HostPatternKind.Below => $"*.{Name}",
        HostPatternKind.Within => $".{Name}",
        HostPatternKind.List => ListPrefix + Name,
        _ => Name,
    };

    private bool IsBelow(string host) => host.Length > Name.Length + 1 && host[^(Name.Length + 1)] == '.' && host.EndsWith(Name, StringComparison.Ordinal);
}
