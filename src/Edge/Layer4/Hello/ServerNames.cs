using System.Collections.Frozen;

namespace Granary.Edge.Layer4.Hello;

/// <summary>Patterns of server names and what they lead to. The most specific counts: the name itself, the longest <c>*.</c>, then <c>*</c>.</summary>
internal sealed class ServerNames<T>(IEnumerable<KeyValuePair<string, T>> patterns) where T : class
{
    private readonly FrozenDictionary<string, T> _patterns = patterns.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public T? Find(string host)
    {
        if (_patterns.TryGetValue(host, out var found)) return found;
        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            if (_patterns.TryGetValue($"*{host.AsSpan(dot)}", out found)) return found;
        return _patterns.GetValueOrDefault("*");
    }
}
