using System.Collections.Immutable;
using System.Text.Json;
using Granary.Silo.Admin.Purging;

namespace Granary.Edge.Admin;

/// <summary>Reads what is to be prefetched: a JSON object with exactly one of <c>url</c> and <c>urls</c>.</summary>
internal static class PrefetchOrders
{
    public const int MostUrls = 1000;

    private const string Example = "Write {\"url\": \"https://www.example.com/page\"} or {\"urls\": […]} with up to 1,000.";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <returns>The URLs in the normal form of cache keys; or, without any, what to write instead.</returns>
    public static (ImmutableArray<string> Urls, string Instead) Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return No($"This is no JSON object. {Example}");
            return document.RootElement.EnumerateObject().ToArray() is [var only] ? Read(only) : No($"There is to be one key, url or urls. {Example}");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException) // the latter for strings that are no Unicode
        {
            return No($"This is not valid JSON. {Example}");
        }
    }

    private static (ImmutableArray<string>, string) Read(JsonProperty only)
    {
        if (only.NameEquals("url")) return only.Value.ValueKind == JsonValueKind.String ? Read([only.Value]) : No("\"url\" is a string; several are \"urls\".");
        if (!only.NameEquals("urls")) return No($"There is a key that is neither url nor urls. {Example}");
        if (only.Value.ValueKind != JsonValueKind.Array) return No("\"urls\" is a list; a single one is \"url\".");
        return only.Value.GetArrayLength() is > 0 and <= MostUrls ? Read([.. only.Value.EnumerateArray()]) : No($"\"urls\" has 1 to {MostUrls} values; here are {only.Value.GetArrayLength()}.");
    }

    private static (ImmutableArray<string>, string) Read(JsonElement[] values)
    {
        var urls = ImmutableArray.CreateBuilder<string>(values.Length);
        foreach (var value in values)
        {
            if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= PurgeOrders.MostText } text || PurgeOrders.UriOf(text, []) is not { } url)
                return No($"Value {urls.Count + 1} is not an absolute http or https URL as clients ask for it, percent-encoded, without fragment and user information.");
            urls.Add(url);
        }

        return ([.. urls.Distinct(StringComparer.Ordinal)], "");
    }

    private static (ImmutableArray<string>, string) No(string instead) => ([], instead);
}
