using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>
/// From layers to settings: (1) every key that is known takes its value from the topmost layer that has one, and every list of records from the topmost
/// layer that has any  (2) every key that is not known is a mistake  (3) settings that do not go together are mistakes.
/// </summary>
internal static class SettingsReader
{
    public static GranarySettings Read(ConfigurationLayer[] topmostFirst, List<ConfigurationMistake> mistakes)
    {
        var settings = new GranarySettings();
        foreach (var key in SettingKey.All)                                             // (1)
            if (Topmost(topmostFirst, key.Key) is { } written) Apply(key, key.Key, written, settings, mistakes);
        foreach (var list in RecordList.All)
            ReadRecords(list, list.Key, settings, topmostFirst, mistakes);
        foreach (var layer in topmostFirst)                                             // (2)
            mistakes.AddRange(UnknownKeys.In(layer));
        mistakes.AddRange(CertificateMistakes.In(settings, [.. mistakes], key => Topmost(topmostFirst, key)));
        if (mistakes.Count == 0) mistakes.AddRange(Contradictions.In(settings, key => Topmost(topmostFirst, key)));   // (3)
        if (mistakes.Count == 0) mistakes.AddRange(Certificates.MissingIn(settings, topmostFirst));
        return settings;
    }

    private static ConfigurationLayer.Written? Topmost(ReadOnlySpan<ConfigurationLayer> layers, string key)
    {
        var isList = SettingKey.ByKey[RecordNumbers.Take(key)].Setting.IsList;
        foreach (var layer in layers)
            if (layer.Find(key, isList) is { } written) return written;
        return null;
    }

    private static void ReadRecords(RecordList list, string key, object whole, ReadOnlySpan<ConfigurationLayer> topmostFirst, List<ConfigurationMistake> mistakes)
    {
        foreach (var layer in topmostFirst)
        {
            if (!layer.HasList(key)) continue;
            var numbers = layer.RecordsOf(key);
            if (numbers.Count > 0 && numbers.Max != numbers.Count - 1)
                mistakes.Add(new($"{key}:{numbers.Max}", null, $"numbers from 0 on without a gap; there are {numbers.Count} records"));
            list.Set(whole, [.. numbers.Select(number => ReadRecord(list, $"{key}:{number}", layer, mistakes))]);
            return;
        }
    }

    private static object ReadRecord(RecordList list, string at, ConfigurationLayer layer, List<ConfigurationMistake> mistakes)
    {
        var record = list.NewRecord();
        foreach (var key in list.Keys)
        {
            var full = at + list.Behind(key.Key);
            if (Topmost([layer], full) is { } written) Apply(key, full, written, record, mistakes);
            else if (key.Setting.IsRequired) mistakes.Add(new(full, null, key.Setting.Allowed));
        }

        foreach (var inner in list.Inner)
            ReadRecords(inner, at + list.Behind(inner.Key), record, [layer], mistakes);
        return record;
    }

    private static void Apply(SettingKey key, string full, ConfigurationLayer.Written written, object whole, List<ConfigurationMistake> mistakes)
    {
        var text = written.Value!.Trim();
        if (key.Setting.Read(text) is { } value) key.Set(whole, value);
        else mistakes.Add(Mistake(key, full, text, written.As));
    }

    private static ConfigurationMistake Mistake(SettingKey key, string full, string text, string writtenAs) =>
        new(full, key.Setting.IsSecret ? Secrets.Hidden : Secrets.Hide(full, text), key.Setting.Allowed)
        {
            WrittenAs = writtenAs,
            Suggestion = key.Setting.Suggest(text),
        };
}
