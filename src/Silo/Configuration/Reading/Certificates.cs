namespace Granary.Silo.Configuration.Reading;

/// <summary>
/// A listener with TLS needs a certificate. Without one in <c>Granary:Tls</c> it is configured in Kestrel's own section, and without that Kestrel would take that of a
/// developer of this machine or fail while it starts.
/// </summary>
internal static class Certificates
{
    private const string Default = "Kestrel:Certificates:Default:";

    public static IEnumerable<ConfigurationMistake> MissingIn(GranarySettings settings, IReadOnlyList<ConfigurationLayer> layers)
    {
        if (!settings.Tls.Certificates.IsEmpty || layers.Any(IsConfigured)) yield break;
        foreach (var listen in settings.Listen.Where(static listen => listen.IsHttps)) yield return Missing("Granary:Listen", listen, layers);
        if (settings.Admin.Listen.IsHttps) yield return Missing("Granary:Admin:Listen", settings.Admin.Listen, layers);
    }

    private static bool IsConfigured(ConfigurationLayer layer) =>
        layer.Values.Any(static entry => entry.Key.StartsWith(Default, StringComparison.OrdinalIgnoreCase) && entry.Value.Value is { Length: > 0 }
            && (entry.Key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || entry.Key.EndsWith(":Subject", StringComparison.OrdinalIgnoreCase)));

    private static ConfigurationMistake Missing(string key, Values.ListenAddress listen, IReadOnlyList<ConfigurationLayer> layers) =>
        new(key, $"{listen}", $"https only together with a certificate: Granary:Tls:Certificates:0:Certificate, and Key where it is not in the same file (or {Default}Path, or {Default}Subject)")
        {
            WrittenAs = layers.Select(layer => layer.Find(key, isList: key == "Granary:Listen")?.As).FirstOrDefault(static written => written is not null),
        };
}
