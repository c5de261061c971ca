using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Granary.Edge.Users;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

/// <summary>Reads what is asked of <c>POST /policy/test</c>.</summary>
internal static class PolicyQuestion
{
    public const string Example = """Write {"url": "http://www.example.com/page"}, and as far as it matters "from": "10.0.0.1", "user": "name", "groups": ["name"], "method": "GET", "way": "http", "connect" or "socks", for the latter two "url": "www.example.com:443", "at": "2026-01-05T12:00:00Z", "addresses": ["192.0.2.1"].""";

    private static readonly string[] Keys = ["from", "user", "groups", "method", "url", "way", "at", "addresses"];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <returns>Null if it cannot be understood.</returns>
    public static PolicyRequest? Read(ReadOnlyMemory<byte> content, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(content, Strict);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || root.EnumerateObject().Any(static property => !Array.Exists(Keys, property.NameEquals))) return null;
            var request = Of(root, Text(root, "at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : now);
            if (request is not null && Texts(root, "addresses") is { IsEmpty: false } addresses) request.Addresses = [.. addresses.Select(IPAddress.Parse)];
            return request;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static PolicyRequest? Of(JsonElement root, DateTimeOffset now)
    {
        var from = Text(root, "from") is { } client ? IPAddress.Parse(client) : IPAddress.Loopback;
        var user = Text(root, "user") is { } name ? new ClientIdentity(name, [.. Texts(root, "groups")]) : null;
        if (Text(root, "url") is not { } url || !Enum.TryParse<PolicyWay>(Text(root, "way") ?? "http", ignoreCase: true, out var way) || !Enum.IsDefined(way)) return null;
        if (way is PolicyWay.Http)
            return url.Contains("://", StringComparison.Ordinal) && TargetUri.Effective("http", "", url) is { } uri ? PolicyRequest.OfUri(from, user, Text(root, "method") ?? "GET", uri, now) : null;
        return OriginName.Parse(url) is { } origin ? PolicyRequest.OfTunnel(from, user, way, origin.Host, origin.Port, now)
            : Tunnels.TunnelTarget.Parse(url) is { } target ? PolicyRequest.OfTunnel(from, user, way, target.Host, target.Port, now) : null;
    }

    private static string? Text(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? value.GetString() : null;

    private static ImmutableArray<string> Texts(JsonElement root, string key) =>
        root.TryGetProperty(key, out var values) ? [.. values.EnumerateArray().Select(static value => value.GetString() ?? throw new JsonException())] : [];
}
