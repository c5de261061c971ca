using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Semantics.Messages;

namespace Granary.Grains.Store;

/// <summary>
/// The names of routes that occur in keys (<c>URI#route</c>). Who invalidates a URI may not know them: another edge has other routes, a silo has none. Each silo knows those of
/// what it keeps, so each invalidates all that belongs to the URI.
/// </summary>
public sealed class KeyNames
{
    /// <summary>As many as an operator may have routes; no client can make one.</summary>
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <summary>Before anything of that key is listed.</summary>
    public void Learn(string key)
    {
        var at = key.IndexOf('#', StringComparison.Ordinal);
        if (at < 0 || _names.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(key.AsSpan(at)) || _names.Count >= Most) return;
        _names[key[at..]] = true;
    }

    /// <summary>What is before the name.</summary>
    public static ReadOnlySpan<char> UriOf(string key) => key.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? key.AsSpan(0, at) : key;

    /// <summary>What stands for a URI with whatever query: null where it has none.</summary>
    public static string? AnyQueryOf(string uri) => uri.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 && !uri.AsSpan(0, at).Contains('#') ? uri[..(at + 1)] : null;

    /// <summary>The same of a key that a rule for queries has made: of which URIs, only that rule tells. Null for all others.</summary>
    public static string? AnyQueryBehind(string key) => QueryRule.IsIn(key) ? $"{(UriOf(key) is var uri && uri.IndexOf('?') is var at and >= 0 ? uri[..at] : UriOf(key))}?" : null;

    /// <summary>The URIs, and what has a name beside them.</summary>
    public ImmutableArray<string> With(ImmutableArray<string> uris) =>
        _names.IsEmpty ? uris : [.. uris.Concat(uris.Where(static uri => !uri.Contains('#', StringComparison.Ordinal)).SelectMany(uri => _names.Keys.Select(name => KeyOf(uri, name)))).Distinct(StringComparer.Ordinal)];

    private static string KeyOf(string uri, string name) => QueryRule.AppendedTo(name).Apply(uri) + name;
}
