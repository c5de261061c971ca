using System.Text.Json;
using System.Text.Json.Nodes;

namespace Granary.Deploy.Tests.Values;

/// <summary>values.schema.json, written from values.yaml: types from defaults, closed at every level.</summary>
internal static class ValuesSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text()
    {
        var root = Closed();
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root["properties"]!["global"] = new JsonObject { ["type"] = "object", ["description"] = "Where this is a part of another chart: not used." };
        foreach (var key in ValuesFile.Keys) Add(root, key);
        return root.ToJsonString(Indented) + "\n";
    }

    private static void Add(JsonObject root, ValueKey key)
    {
        var names = key.Path.Split('.');
        var parent = names[..^1].Aggregate(root, static (node, name) => node["properties"]![name]!.AsObject());
        parent["properties"]![names[^1]] = key.Description is null ? Closed() : Leaf(key);
    }

    private static JsonObject Closed() => new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };

    private static JsonObject Leaf(ValueKey key)
    {
        var leaf = new JsonObject { ["description"] = key.Description, ["type"] = TypeOf(ValuesFile.DefaultOf(key.Path)) };
        foreach (var (name, value) in key.Allowed ?? []) leaf[name] = value?.DeepClone();
        return leaf;
    }

    private static string TypeOf(JsonNode? value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => scalar.TryGetValue<long>(out _) ? "integer" : "number",
            _ => "boolean",
        },
        _ => throw new InvalidDataException("A default of null says nothing of its type."),
    };
}
