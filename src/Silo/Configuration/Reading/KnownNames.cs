using System.Collections.Frozen;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Finds what a name that nobody knows was probably meant to be.</summary>
internal static class KnownNames
{
    // What the same thing is called elsewhere.
    private static readonly FrozenDictionary<string, string> CalledElsewhere = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["--port"] = "--listen",
        ["--http-port"] = "--listen",
        ["--urls"] = "--listen",
        ["--url"] = "--listen",
        ["--bind"] = "--listen",
        ["--address"] = "--listen",
        ["--admin-port"] = "--admin",
        ["--token"] = "--Granary:Admin:Token",
        ["--admin-token"] = "--Granary:Admin:Token",
        ["--upstream"] = "--origin",
        ["--backend"] = "--origin",
        ["--target"] = "--origin",
        ["--server"] = "--origin",
        ["--cache-size"] = "--memory",
        ["--mem"] = "--memory",
        ["--cache-dir"] = "--disk",
        ["--allow"] = "--allow-destination",
        ["--conf"] = "--config",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string? SwitchNear(string name, string? value)
    {
        if (!CalledElsewhere.TryGetValue(name, out var known)) return Nearest(name, SettingKey.BySwitch.Keys.Append("--config").Append("--help"));
        var isPort = known is "--listen" or "--admin" && value is not null && value.All(char.IsAsciiDigit);
        return isPort ? $"{known} http://localhost:{value}" : known;
    }

    public static string? KeyNear(string key) => KnownKeyNear(RecordNumbers.Take(key)) is { } known ? RecordNumbers.PutBack(known, key) : null;

    private static string? KnownKeyNear(string key)
    {
        var leaf = key[(key.LastIndexOf(':') + 1)..];
        var sameLeaf = SettingKey.ByKey.Keys.Where(k => k.EndsWith($":{leaf}", StringComparison.OrdinalIgnoreCase)).ToArray();
        return Nearest(key, SettingKey.ByKey.Keys) ?? (sameLeaf is [var one] ? one : null);
    }

    public static string? Nearest(string name, IEnumerable<string> known)
    {
        var best = known.Select(k => (Name: k, Distance: Distance(name.ToLowerInvariant(), k.ToLowerInvariant()))).MinBy(k => k.Distance);
        return best.Distance <= Math.Max(2, name.Length / 5) ? best.Name : null;
    }

    // Levenshtein's edit distance, one row at a time.
    private static int Distance(string a, string b)
    {
        if (a.Length > 200) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
