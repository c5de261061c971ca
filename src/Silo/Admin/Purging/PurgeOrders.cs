using System.Collections.Immutable;
using System.Text.Json;
using Granary.Grains.Groups;
using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;

namespace Granary.Silo.Admin.Purging;

/// <summary>
/// Reads what is to be purged: (1) a JSON object  (2) with known keys  (3) exactly one of them a scope  (4) whose values are what it asks for, in the normal form of cache keys.
/// </summary>
internal static class PurgeOrders
{
    public const int MostValues = 1000;

    internal const int MostText = 8192;

    private const string Example = "Write {\"url\": \"https://www.example.com/page\"}, or one of urls, tag, tags, prefix, host, all; and \"soft\": true if it shall be stale and not gone.";

    private static readonly string[] Kinds = ["url", "urls", "tag", "tags", "prefix", "host", "all"];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <param name="stripped">Query parameters that are no part of a cache key.</param>
    public static PurgeReading Read(ReadOnlyMemory<byte> content, ImmutableArray<string> stripped)
    {
        try
        {
            using var document = JsonDocument.Parse(content, Strict);                                            // (1)
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, stripped) : No($"This is no JSON object. {Example}");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException) // the latter for strings that are no Unicode
        {
            return No($"This is not valid JSON. {Example}");
        }
    }

    private static PurgeReading Read(JsonElement root, ImmutableArray<string> stripped)
    {
        var (soft, kind, value) = (false, (string?)null, default(JsonElement));
        foreach (var property in root.EnumerateObject())
            if (property.NameEquals("soft"))
            {
                if (property.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return No("\"soft\" is true or false.");
                soft = property.Value.GetBoolean();
            }
            else if (Array.Find(Kinds, property.NameEquals) is not { } known) return No($"There is a key that is none of url, urls, tag, tags, prefix, host, all, soft. {Example}"); // (2)
            else if (kind is not null) return No($"\"{kind}\" and \"{known}\" are two scopes. Send one call for each.");                                                        // (3)
            else (kind, value) = (known, property.Value);
        return kind is null ? No($"Nothing says what to purge. {Example}") : Read(kind, value, soft, stripped);
    }

    private static PurgeReading Read(string kind, JsonElement value, bool soft, ImmutableArray<string> stripped) => kind switch                                                  // (4)
    {
        "all" => value.ValueKind == JsonValueKind.True ? Of(kind, "all", new Scope.All(), soft) : No("\"all\" is true, or left out."),
        "host" => OneOf(kind, value, host => HostOf(host) is { } name ? Of(kind, name, new Scope.Host(name), soft)
            : No("\"host\" is a host name or address without scheme, port and path, as \"www.example.com\" or \"[2001:db8::1]\". For one port write \"prefix\": \"http://www.example.com:8080/\".")),
        "prefix" => OneOf(kind, value, prefix => PrefixOf(prefix) is { } uri ? Of(kind, uri, new Scope.Prefix(uri), soft)
            : No("\"prefix\" is the beginning of a URL, with scheme and host, without a query, not ending within a percent-encoding: \"https://www.example.com/images/\".")),
        "tag" or "tags" => Several(kind, value, static tag => IsTag(tag) ? CacheGroups.Tag(tag) : null, "a tag: printable ASCII without spaces and commas", tags => new Scope.Groups(tags), soft),
        _ => Several(kind, value, url => UriOf(url, stripped), "an absolute http or https URL as clients ask for it, percent-encoded, without fragment and user information", null, soft),
    };

    private static PurgeReading OneOf(string kind, JsonElement value, Func<string, PurgeReading> read) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MostText } text ? read(text) : No($"\"{kind}\" is a string of 1 to {MostText} characters.");

    private static PurgeReading Several(string kind, JsonElement value, Func<string, string?> key, string what, Func<ImmutableArray<string>, Scope>? scope, bool soft)
    {
        var isList = kind[^1] == 's';
        if (value.ValueKind != (isList ? JsonValueKind.Array : JsonValueKind.String)) return No(isList ? $"\"{kind}\" is a list; a single one is \"{kind[..^1]}\"." : $"\"{kind}\" is a string; several are \"{kind}s\".");
        var length = isList ? value.GetArrayLength() : 1;
        if (length is 0 or > MostValues) return No($"\"{kind}\" has 1 to {MostValues} values; here are {length}.");
        var keys = ImmutableArray.CreateBuilder<string>(length);
        foreach (var one in isList ? value.EnumerateArray().AsEnumerable() : [value])
        {
            if (one.ValueKind != JsonValueKind.String || one.GetString() is not { Length: > 0 and <= MostText } text || key(text) is not { } read)
                return No(isList ? $"Value {keys.Count + 1} of \"{kind}\" is not {what}." : $"\"{kind}\" is not {what}.");
            keys.Add(read);
        }

        ImmutableArray<string> all = [.. keys.Distinct(StringComparer.Ordinal)];
        var shown = all.Length == 1 ? all[0] : $"{all[0]} and {all.Length - 1} more";
        return scope is null ? Understood(new PurgeOrder(kind, Bounded(shown), all, null, soft)) : Of(kind, shown.TrimStart('\n'), scope(all), soft);
    }

    /// <returns>The cache key of a URL as clients ask for it; null if it is none.</returns>
    internal static string? UriOf(string url, ImmutableArray<string> stripped) =>
        url.Contains("://", StringComparison.Ordinal) && TargetUri.Effective("http", "", url) is { } uri ? QueryParameters.Without(uri, stripped) : null;

    private static string? PrefixOf(string prefix) =>
        !prefix.Contains('?', StringComparison.Ordinal) && prefix[^1] != '%' && prefix is not [.., '%', _] && UriOf(prefix, []) is { } uri ? uri : null;

    private static string? HostOf(string host)
    {
        var name = host.ToLowerInvariant();
        return TargetUri.Effective("http", name, "/") is { } uri && uri.AsSpan(7, uri.Length - 8).SequenceEqual(name) && Invalidation.Host(uri).SequenceEqual(name) ? name : null;
    }

    private static bool IsTag(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains(',', StringComparison.Ordinal);

    private static PurgeReading.Understood Of(string kind, string shown, Scope scope, bool soft) => Understood(new PurgeOrder(kind, Bounded(shown), [], scope, soft));

    private static PurgeReading.Understood Understood(PurgeOrder order) => new(order);

    private static PurgeReading.Mistaken No(string instead) => new(instead);

    // What comes here has been read into normal form: printable ASCII.
    internal static string Bounded(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "…");
}
