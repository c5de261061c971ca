using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Granary.Deploy.Tests.Chart;

namespace Granary.Deploy.Tests.Values;

/// <summary>values.yaml with its comments. Below a key that has a description there are no more keys: what stands there is its default.</summary>
internal static partial class ValuesFile
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Chart, "values.yaml");

    public static JsonObject Defaults { get; } = Yaml.Read(File.ReadAllText(Path))!.AsObject();

    public static IReadOnlyList<ValueKey> Keys { get; } = [.. Read()];

    public static JsonNode? DefaultOf(string path) => path.Split('.').Aggregate((JsonNode?)Defaults, static (node, name) => node![name]);

    private static IEnumerable<ValueKey> Read()
    {
        var (above, description, allowed, within) = (new List<string>(), default(string), default(JsonObject), int.MaxValue);
        foreach (var line in File.ReadLines(Path))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                if (comment.Groups["what"].Value == "--") description = comment.Groups["text"].Value;
                else allowed = JsonNode.Parse(comment.Groups["text"].Value)!.AsObject();
            }
            else if (Key().Match(line) is { Success: true } key && key.Groups["indent"].Length / 2 is var depth && depth <= within)
            {
                above.RemoveRange(depth, above.Count - depth);
                above.Add(key.Groups["name"].Value);
                yield return new(string.Join('.', above), description, allowed);
                (within, description, allowed) = (description is null ? int.MaxValue : depth, null, null);
            }
        }
    }

    [GeneratedRegex(@"^ *# (?<what>--|@schema) (?<text>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("^(?<indent> *)(?<name>[A-Za-z0-9]+):")]
    private static partial Regex Key();
}
