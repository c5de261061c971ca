using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Granary.Silo.Configuration.Reading;

/// <summary>The file of <c>--config</c>.</summary>
internal static class JsonFile
{
    private const int MaxBytes = 16 << 20;

    private const string Urls = "Urls";

    private const string Listen = $"{SettingKey.Root}:{nameof(GranarySettings.Listen)}";

    /// <summary>The bytes of the file, or why there are none.</summary>
    public static (byte[]? Content, ConfigurationMistake? Mistake) Load(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxBytes } ? (File.ReadAllBytes(path), null) : (null, Unreadable(path, "there is no such file"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, Unreadable(path, e.Message));
        }
    }

    public static (ConfigurationLayer? Layer, ConfigurationMistake? Mistake) Parse(string path, byte[] content)
    {
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            var layer = new ConfigurationLayer { PolicesSections = true };
            foreach (var (key, value) in new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable())
                layer.Set(key, value, $"{Path.GetFileName(path)}: {key}");
            // An application of ASP.NET Core says it there, and its file serves here as it is.
            if (layer.Find(Urls, isList: false) is { } urls && layer.Find(Listen, isList: true) is null) layer.Set(Listen, urls.Value, urls.As);
            return (layer, null);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException)
        {
            return (null, Unreadable(path, (e.InnerException ?? e).Message));
        }
    }

    private static ConfigurationMistake Unreadable(string path, string why) =>
        new("--config", path, $"a JSON file that can be read, of at most {MaxBytes >> 20} MiB; {why}") { WrittenAs = "--config" };
}
