namespace Granary.Silo.Configuration.Reading;

/// <summary>Keys that nobody reads: most often a slip of the pen, and without a word a setting that does not hold.</summary>
internal static class UnknownKeys
{
    // The sections of those we are built on; they know themselves what may stand there.
    private static readonly string[] KnownSections = [SettingKey.Root, "ReverseProxy", "Logging", "Kestrel", "$schema"];

    // What the file of an ASP.NET Core application says beside its sections. Urls is taken for ours; which hosts are allowed, routes say.
    private static readonly string[] OfApplications = ["Urls", "AllowedHosts"];

    public static IEnumerable<ConfigurationMistake> In(ConfigurationLayer layer) =>
        from entry in layer.Values
        where entry.Value.Value is not null
        let mistake = Check(entry.Key, entry.Value, layer.PolicesSections)
        where mistake is not null
        orderby entry.Key
        select mistake;

    private static ConfigurationMistake? Check(string key, ConfigurationLayer.Written written, bool policesSections)
    {
        var section = key.Split(':')[0];
        if (section.Equals(SettingKey.Root, StringComparison.OrdinalIgnoreCase))
            return IsKnown(key) || IsEmptyList(key, written) ? null : Unknown(key, written, "there is no such key", KnownNames.KeyNear(key));
        if (!policesSections || KnownSections.Contains(section, StringComparer.OrdinalIgnoreCase) || OfApplications.Contains(key, StringComparer.OrdinalIgnoreCase)) return null;
        return Unknown(key, written, "only the sections Granary, ReverseProxy, Logging and Kestrel are read", KnownNames.Nearest(section, KnownSections));
    }

    private static bool IsKnown(string key)
    {
        var told = RecordNumbers.Take(key);
        if (SettingKey.ByKey.ContainsKey(told)) return true;
        var parent = told.LastIndexOf(':');
        return SettingKey.ByKey.TryGetValue(told[..Math.Max(parent, 0)], out var list) && list.Setting.IsList && told[(parent + 1)..] == "0";
    }

    // How a file says [].
    private static bool IsEmptyList(string key, ConfigurationLayer.Written written) => written.Value is "" && RecordList.IsOne(RecordNumbers.Take(key));

    private static ConfigurationMistake Unknown(string key, ConfigurationLayer.Written written, string allowed, string? suggestion) =>
        new(key, Secrets.Hide(key, written.Value, suggestion), allowed) { WrittenAs = written.As, Suggestion = suggestion };
}
