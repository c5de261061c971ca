using System.Text.Json;

namespace Granary.Cli.Text;

/// <summary>Reads what another version may have written: what is missing is nothing.</summary>
internal static class JsonReading
{
    public static JsonElement? At(this JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public static string? Text(this JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static double? Number(this JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static bool Flag(this JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Each(this JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement json, string name) => json.Each(name).Where(static one => one.ValueKind is JsonValueKind.String).Select(static one => one.GetString()!);
}
