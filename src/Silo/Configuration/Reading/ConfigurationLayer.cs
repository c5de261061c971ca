namespace Granary.Silo.Configuration.Reading;

/// <summary>What one source says, by key, and how it was written there.</summary>
internal sealed class ConfigurationLayer
{
    private readonly Dictionary<string, Written> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sections that are not ours may be here; a top-level section nobody knows is a mistake.</summary>
    public bool PolicesSections { get; init; }

    public IReadOnlyDictionary<string, Written> Values => _values;

    public void Set(string key, string? value, string writtenAs) => _values[key] = new Written(value, writtenAs);

    /// <summary>Adds to what a list already has: a switch may be repeated.</summary>
    public void Append(string key, string value, string writtenAs) =>
        Set(key, _values.TryGetValue(key, out var before) ? $"{before.Value};{value}" : value, writtenAs);

    /// <summary>A list may be written in one text, or as an array whose elements have the keys <c>…:0</c>, <c>…:1</c>.</summary>
    public Written? Find(string key, bool isList)
    {
        if (_values.TryGetValue(key, out var written) && written.Value is not null) return written;
        if (!isList) return null;
        var elements = new List<string>();
        for (var i = 0; _values.TryGetValue($"{key}:{i}", out var element); i++)
        {
            written = element;
            elements.Add(element.Value ?? "");
        }

        return elements.Count == 0 ? null : written with { Value = string.Join(';', elements) };
    }

    /// <summary>Whether a list of records is in this layer, were it empty.</summary>
    public bool HasList(string key) => _values.TryGetValue(key, out var empty) && empty.Value is not null || RecordsOf(key).Count > 0;

    /// <summary>The numbers of the records in a list, ascending; null for a record is one too.</summary>
    public SortedSet<int> RecordsOf(string key)
    {
        var below = $"{key}:";
        var named = _values.Keys.Where(k => k.StartsWith(below, StringComparison.OrdinalIgnoreCase)).Select(k => k[below.Length..].Split(':')[0]);
        return [.. named.Where(RecordNumbers.IsNumber).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
    }

    internal readonly record struct Written(string? Value, string As);
}
