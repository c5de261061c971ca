using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Granary.Deploy.Tests.Values;

/// <summary>The chart's README: what a person wrote above the table, and a row for each key.</summary>
internal static class ValuesPage
{
    private const string Head = "| key | default | what it is |\n|---|---|---|\n";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Path { get; } = System.IO.Path.Combine(Repository.Chart, "README.md");

    public static string Text()
    {
        var written = File.ReadAllText(Path);
        var above = written.IndexOf(Head, StringComparison.Ordinal) is >= 0 and var start ? written[..start] : written;
        var rows = ValuesFile.Keys.Where(static key => key.Description is not null).Select(Row);
        return new StringBuilder(above).Append(Head).AppendJoin("", rows).ToString();
    }

    private static string Row(ValueKey key) => $"| `{key.Path}` | {Default(ValuesFile.DefaultOf(key.Path))} | {Escaped(key.Description + Allowed(key.Allowed))} |\n";

    private static string Default(JsonNode? value) => $"`{Escaped(value is JsonValue text && text.TryGetValue<string>(out var one) ? $"\"{one}\"" : value!.ToJsonString(Plain))}`";

    private static string Allowed(JsonObject? allowed) => allowed switch
    {
        { } choice when choice["enum"] is JsonArray all => $" Allowed: {string.Join(", ", all.Select(static one => (string?)one is "" ? "nothing" : (string?)one))}.",
        { } range when range["minimum"] is { } least => range["maximum"] is { } most ? $" {least} to {most}." : $" At least {least}.",
        _ => "",
    };

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
