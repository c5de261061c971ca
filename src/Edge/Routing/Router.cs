using System.Collections.Immutable;
using Granary.Grains.Origin;
using Granary.Semantics.Messages;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Routing;

/// <summary>
/// From a request target (RFC 9112 §3.2) to a destination: with a configured origin every request goes there, else absolute-form requests go
/// where they say. What a route of YARP took goes to the destinations of its cluster.
/// </summary>
/// <param name="origin">Scheme and authority of the configured origin, and a path prefix, without a final slash; null: forward proxy only.</param>
/// <param name="stripped">Query parameters that are no part of the target URI, for the cache and in what it fetches.</param>
internal sealed class Router(string? origin, Func<ImmutableArray<string>>? stripped = null, Preferences? preferences = null)
{
    /// <summary>Of a request that a route of YARP took.</summary>
    public Destination Of(HttpContext context, Routed routed)
    {
        if (IsTunnel(context)) return new Destination.NotImplemented();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (TargetOf(context, target) is not var (authority, pathAndQuery)) return new Destination.Invalid();
        if (HasDotSegment(pathAndQuery)) return new Destination.Invalid(); // routed, and admitted, as another path than the origin would be asked for
        if (KeyOf(context.Request.Scheme, authority, pathAndQuery) is not { } uri) return new Destination.Invalid();
        uri = routed.Caching.Query.Apply(uri);
        var route = preferences!.Of(context, routed, target == "*" ? target : pathAndQuery);
        return new Destination.Origin(uri, AuthorityOf(uri), route, IsReverse: true) { Routed = routed };
    }

    /// <summary>The target URIs that a request means, should it go to the reverse proxy or to the forward proxy.</summary>
    public IEnumerable<string> UrisOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (TargetOf(context, target) is var (authority, pathAndQuery) && KeyOf(ForwardStream.Of(context)?.Scheme ?? context.Request.Scheme, authority, pathAndQuery) is { } reverse) yield return reverse;
        if (SplitAbsolute(target) is var (scheme, host, path) && scheme != context.Request.Scheme && KeyOf(scheme, host, path) is { } forward) yield return forward;
    }

    public Destination Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (IsTunnel(context)) return new Destination.NotImplemented();
        if (target.StartsWith('/')) return OfOriginForm(context, target);
        if (target == "*") return OfAsterisk(context);
        return OfAbsoluteForm(context, target);
    }

    // RFC 3986 §5.2.4, also where the dots are encoded.
    private static bool HasDotSegment(string target)
    {
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length);
        if (!path.Contains('.') && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var segment in path.Split('/'))
            if (path[segment] is { Length: > 0 and <= 6 } part && part.ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..") return true;
        return false;
    }

    private static bool IsTunnel(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };

    private static (string Authority, string PathAndQuery)? TargetOf(HttpContext context, string target)
    {
        if (SplitAbsolute(target) is var (_, authority, pathAndQuery)) return (authority, pathAndQuery);
        var host = context.Request.Host.HasValue ? context.Request.Host.Value! : AddressOf(context.Connection);
        return target == "*" ? (host, "/") : target.StartsWith('/') ? (host, target) : null;
    }

    // RFC 9112 §3.3: HTTP/1.0 needs no Host, and means what it has connected to.
    private static string AddressOf(ConnectionInfo connection) =>
        connection.LocalIpAddress is { } address ? new System.Net.IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, connection.LocalPort).ToString() : "localhost";

    private Destination OfOriginForm(HttpContext context, string target) =>
        origin is null ? ForwardStream.Of(context) is { } stream ? Forward(stream.Scheme, context.Request.Host.Value ?? "", target) : new Destination.Unknown() : Reverse(context.Request.Scheme, AuthorityOf(context), target);

    private Destination OfAsterisk(HttpContext context) =>
        origin is null ? new Destination.Unknown() : Reverse(context.Request.Scheme, AuthorityOf(context), "/", "*");

    private Destination OfAbsoluteForm(HttpContext context, string target)
    {
        if (SplitAbsolute(target) is not var (scheme, authority, pathAndQuery)) return new Destination.Invalid();
        // What the origin is told of the scheme is that of the connection, so the key must not be another: else http could write what https reads.
        if (origin is not null) return Reverse(context.Request.Scheme, authority, pathAndQuery);
        return Forward(scheme, authority, pathAndQuery);
    }

    private Destination Forward(string scheme, string authority, string pathAndQuery) =>
        KeyOf(scheme, authority, pathAndQuery) is { } uri
            ? new Destination.Origin(uri, AuthorityOf(uri), new OriginRoute($"{scheme}://{AuthorityOf(uri)}", pathAndQuery, IsConfigured: false), IsReverse: false)
            : new Destination.Invalid();

    private Destination Reverse(string scheme, string authority, string target, string? sent = null) =>
        KeyOf(scheme, authority, target) is { } uri
            ? new Destination.Origin(uri, AuthorityOf(uri), new OriginRoute(origin!, sent ?? target, IsConfigured: true), IsReverse: true)
            : new Destination.Invalid();

    private string? KeyOf(string scheme, string authority, string target) =>
        TargetUri.Effective(scheme, authority, target) is { } uri ? stripped is null ? uri : QueryParameters.Without(uri, stripped()) : null;

    // HTTP/1.0 needs no Host: then the request can only mean this proxy's one origin.
    private string AuthorityOf(HttpContext context) =>
        context.Request.Host.HasValue ? context.Request.Host.Value! : new Uri(origin!).Authority;

    private static string AuthorityOf(string normalised)
    {
        var start = normalised.IndexOf("://", StringComparison.Ordinal) + 3;
        return normalised.IndexOf('/', start) is >= 0 and var end ? normalised[start..end] : normalised[start..];
    }

    private static (string Scheme, string Authority, string PathAndQuery)? SplitAbsolute(string target)
    {
        var colon = target.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0) return null;
        var scheme = target[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https")) return null;
        var rest = target[(colon + 3)..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        if (end < 0) return (scheme, rest, "/");
        return (scheme, rest[..end], rest[end] == '/' ? rest[end..] : "/" + rest[end..]);
    }
}
