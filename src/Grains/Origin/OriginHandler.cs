using System.Net;
using System.Text;
using Granary.Grains.Egress.Parents;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Origin.Tls;
using Granary.Grains.Origin.Wire;
using Granary.Semantics.Framing;

namespace Granary.Grains.Origin;

/// <summary>
/// <see cref="SocketsHttpHandler"/> set up as a proxy must have it: it follows nothing, keeps no cookies, decodes nothing, asks no other proxy, adds no field,
/// and carries field values byte for byte (RFC 9110 §5.5: obs-text is opaque).
/// </summary>
internal static class OriginHandler
{
    private static readonly TimeSpan SeeChangedNames = TimeSpan.FromMinutes(10);

    // Which one it is says the callback, for each connection.
    private static readonly WebProxy AParent = new("http://parent.invalid:80");

    /// <param name="isConfigured">An operator named the destinations, not a client.</param>
    /// <param name="name">The name that destinations are asked for in TLS, where it is not that of their Host.</param>
    /// <param name="road">HTTP parents to which all is sent in absolute-form.</param>
    public static HttpMessageInvoker Create(
        FetchOptions options, GuardedConnect connect, ConnectionTraits traits, OriginTrust trust, bool isConfigured, string? name = null, ParentRoad? road = null)
    {
        return new(new OnceMore(Handler(SeeChangedNames), Handler(TimeSpan.Zero)));

        SocketsHttpHandler Handler(TimeSpan lifetime)
        {
            var handler = HandlerOf(options, connect, traits, lifetime).UseStrictHttp1(LimitsOf(options));
            trust.Apply(handler.SslOptions, traits, isConfigured);
            if (name is not null) handler.ConnectCallback = new NamedConnect(name, connect.ConnectAsync, tls => trust.Apply(tls, traits, isConfigured)).ConnectAsync;
            if (road is not null) (handler.UseProxy, handler.Proxy, handler.ConnectCallback) = (true, AParent, (_, cancellationToken) => connect.ConnectToParentAsync(road, cancellationToken));
            return handler;
        }
    }

    private static SocketsHttpHandler HandlerOf(FetchOptions options, GuardedConnect connect, ConnectionTraits traits, TimeSpan lifetime)
    {
        var handler = HandlerOf(options, connect, lifetime);
        handler.MaxConnectionsPerServer = traits.MaxConnections ?? options.MaxConnectionsPerOrigin;
        if (traits.RequestEncoding is { } requests) handler.RequestHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(requests);
        if (traits.ResponseEncoding is { } responses) handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(responses);
        handler.EnableMultipleHttp2Connections = traits.MultipleHttp2Connections;
        if (traits.Proxy is { } proxy) (handler.UseProxy, handler.Proxy) = (true, new WebProxy(proxy, traits.ProxyBypassesLocal) { UseDefaultCredentials = traits.ProxyUsesDefaultCredentials });
        return handler;
    }

    private static SocketsHttpHandler HandlerOf(FetchOptions options, GuardedConnect connect, TimeSpan lifetime) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = connect.ConnectAsync,
        ConnectTimeout = options.ConnectTimeout, // TLS included; GuardedConnect keeps it for the rest, by the one clock
        MaxConnectionsPerServer = options.MaxConnectionsPerOrigin,
        PooledConnectionIdleTimeout = options.PooledConnectionIdleTimeout,
        PooledConnectionLifetime = lifetime,
        MaxResponseHeadersLength = options.MaxHeadBytes / 1024,
        MaxResponseDrainSize = 0, // an answer given up is a connection given up
        Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
    };

    private static FramingLimits LimitsOf(FetchOptions options) => FramingLimits.Default with { HeadBytes = options.MaxHeadBytes };
}
