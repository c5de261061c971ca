using System.Net;
using System.Security.Authentication;
using System.Text;
using Granary.Grains.Origin.Addresses;
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

    public static HttpMessageInvoker Create(FetchOptions options, GuardedConnect connect, ConnectionTraits traits) => new(new OnceMore(
        HandlerOf(options, connect, traits, SeeChangedNames).UseStrictHttp1(LimitsOf(options)),
        HandlerOf(options, connect, traits, lifetime: TimeSpan.Zero).UseStrictHttp1(LimitsOf(options))));

    private static SocketsHttpHandler HandlerOf(FetchOptions options, GuardedConnect connect, ConnectionTraits traits, TimeSpan lifetime)
    {
        var handler = HandlerOf(options, connect, lifetime);
        handler.MaxConnectionsPerServer = traits.MaxConnections ?? options.MaxConnectionsPerOrigin;
        handler.SslOptions.EnabledSslProtocols = (SslProtocols)traits.TlsProtocols;
#pragma warning disable CA5359 // Only where the operator says so, in these words: DangerousAcceptAnyServerCertificate.
        if (traits.AcceptsAnyCertificate) handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
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
