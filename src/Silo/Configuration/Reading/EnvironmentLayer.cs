using System.Collections;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Environment variables in .NET's own form: <c>Granary__Cluster__Redis</c>.</summary>
internal static class EnvironmentLayer
{
    public static ConfigurationLayer Read(IReadOnlyDictionary<string, string?>? environment)
    {
        var layer = new ConfigurationLayer();
        foreach (var (name, value) in environment ?? OfProcess())
            layer.Set(name.Replace("__", ":", StringComparison.Ordinal), value, name);
        return layer;
    }

    private static Dictionary<string, string?> OfProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value, StringComparer.Ordinal);
}
