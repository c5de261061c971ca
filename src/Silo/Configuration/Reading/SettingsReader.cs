using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>
/// From layers to settings: (1) every key that is known takes its value from the topmost layer that has one  (2) every key that is
/// not known is a mistake  (3) settings that do not go together are mistakes.
/// </summary>
internal static class SettingsReader
{
    public static GranarySettings Read(ConfigurationLayer[] topmostFirst, List<ConfigurationMistake> mistakes)
    {
        var settings = new GranarySettings();
        foreach (var key in SettingKey.All)                                             // (1)
            if (Topmost(topmostFirst, key) is { } written) Apply(key, written, settings, mistakes);
        foreach (var layer in topmostFirst)                                             // (2)
            mistakes.AddRange(UnknownKeys.In(layer));
        if (mistakes.Count == 0) mistakes.AddRange(Contradictions.In(settings, key => Topmost(topmostFirst, SettingKey.ByKey[key])));   // (3)
        if (mistakes.Count == 0) mistakes.AddRange(Certificates.MissingIn(settings, topmostFirst));
        return settings;
    }

    private static ConfigurationLayer.Written? Topmost(ConfigurationLayer[] layers, SettingKey key)
    {
        foreach (var layer in layers)
            if (layer.Find(key.Key, key.Setting.IsList) is { } written) return written;
        return null;
    }

    private static void Apply(SettingKey key, ConfigurationLayer.Written written, GranarySettings settings, List<ConfigurationMistake> mistakes)
    {
        var text = written.Value!.Trim();
        if (key.Setting.Read(text) is { } value) key.Set(settings, value);
        else mistakes.Add(Mistake(key, text, written.As));
    }

    private static ConfigurationMistake Mistake(SettingKey key, string text, string writtenAs) =>
        new(key.Key, key.Setting.IsSecret ? Secrets.Hidden : Secrets.Hide(key.Key, text), key.Setting.Allowed)
        {
            WrittenAs = writtenAs,
            Suggestion = key.Setting.Suggest(text),
        };
}
