using Granary.Semantics.Fields;

namespace Granary.Grains.Origin;

/// <summary>Builds the message that goes to the origin: exactly the given fields, the target as the client sent it.</summary>
public static class OriginRequest
{
    // RFC 3986 §6.2.2 normalisation is the origin's to make: the bytes of the request target go on as they came.
    private static readonly UriCreationOptions AsReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whose limits hold for a message that is passed.</summary>
    public static readonly HttpRequestOptionsKey<OriginGroup> Group = new("granary.group");

    public static HttpRequestMessage Of(string method, OriginRoute route, FieldLines fields)
    {
        var message = new HttpRequestMessage(MethodOf(method), Target(route))
        {
            Version = route.Group?.Version ?? System.Net.HttpVersion.Version11,
            VersionPolicy = route.Group?.VersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
        };
        if (route.Host is { } host) message.Headers.TryAddWithoutValidation("Host", host);
        foreach (var line in fields)
            if (!message.Headers.TryAddWithoutValidation(line.Name, line.Value)) AddToContent(message, line);
        return message;
    }

    // The HTTP client puts some fields beside content only. An origin may need them without any: a signature can cover Content-Type.
    private static void AddToContent(HttpRequestMessage message, FieldLine line)
    {
        if (line.Is(FieldNames.ContentLength)) return;
        message.Content ??= new ReadOnlyMemoryContent(default);
        message.Content.Headers.TryAddWithoutValidation(line.Name, line.Value);
    }

    /// <exception cref="UriFormatException">The destination is not a valid authority.</exception>
    public static Uri Target(OriginRoute route) => Target(route.Destination, route.RequestTarget);

    /// <inheritdoc cref="Target(OriginRoute)"/>
    public static Uri Target(string destination, string target) => new(destination + target, AsReceived);

    private static HttpMethod MethodOf(string method) => method switch
    {
        "GET" => HttpMethod.Get,
        "HEAD" => HttpMethod.Head,
        _ => new HttpMethod(method),
    };
}
