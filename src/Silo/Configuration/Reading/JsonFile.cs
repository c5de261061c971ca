using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Granary.Silo.Configuration.Reading;

/// <summary>The file of <c>--config</c>.</summary>
internal static class JsonFile
{
    private const int MaxBytes = 16 << 20;

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
