using System.Collections.Immutable;

namespace Granary.Semantics.Messages;

/// <summary>
/// How the query of a target URI becomes that of the cache key, where an operator knows which parameters make a difference and that their order makes none. Whoever knows the text of a
/// rule can apply it, so it is part of the key's name.
/// </summary>
public sealed record QueryRule
{
    public static readonly QueryRule None = new();

    private const string Mark = "#?";

    /// <summary>By name; parameters of one name stay in their order.</summary>
    public bool Sorts { get; init; }

    /// <summary>Parameters that make no difference; a name may end in <c>*</c>.</summary>
    public ImmutableArray<string> Drops { get; init; } = [];

    /// <summary>The only parameters that make a difference; empty for all.</summary>
    public ImmutableArray<string> Keeps { get; init; } = [];

    public bool IsNone => !Sorts && Drops.IsEmpty && Keeps.IsEmpty;

    /// <summary>The URI with that query: empty parameters are dropped too, and what is left of a query is never a lone question mark.</summary>
    public string Apply(string uri)
    {
        var query = IsNone ? -1 : uri.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return uri;
        IEnumerable<string> kept = uri[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Where(MakesADifference);
        if (Sorts) kept = kept.OrderBy(static parameter => QueryParameters.NameOf(parameter).ToString(), StringComparer.Ordinal);
        var made = string.Join('&', kept);
        return made.Length == 0 ? uri[..query] : $"{uri.AsSpan(0, query)}?{made}";
    }

    /// <summary>A name that has this rule in it.</summary>
    public string AppendTo(string name) => $"{name}{Mark}{(Sorts ? "s" : "")}&{string.Join(',', Drops)}&{string.Join(',', Keeps)}";

    /// <summary>Whether a name may have a rule in it.</summary>
    public static bool IsIn(string name) => name.Contains(Mark, StringComparison.Ordinal);

    /// <summary>The rule that a name has in it.</summary>
    public static QueryRule AppendedTo(string name)
    {
        if (name.LastIndexOf(Mark, StringComparison.Ordinal) is not (>= 0 and var at)) return None;
        return name[(at + Mark.Length)..].Split('&') is [var sorts, var drops, var keeps]
            ? new QueryRule { Sorts = sorts == "s", Drops = Names(drops), Keeps = Names(keeps) }
            : None;
    }

    private bool MakesADifference(string parameter)
    {
        var name = QueryParameters.NameOf(parameter);
        return (Keeps.IsEmpty || QueryParameters.IsOneOf(name, Keeps)) && !QueryParameters.IsOneOf(name, Drops);
    }

    private static ImmutableArray<string> Names(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)];
}
