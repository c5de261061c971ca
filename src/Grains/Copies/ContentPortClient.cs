using System.Net;
using Granary.Grains.Members;
using Granary.Grains.Resources;

namespace Granary.Grains.Copies;

/// <inheritdoc cref="IContentPort"/>
internal sealed class ContentPortClient(MemberTls tls) : IContentPort, IDisposable
{
    private readonly HttpMessageInvoker _connections = new(tls.Secure(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        MaxConnectionsPerServer = 64,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    }));

    public async Task<Stream?> Open(ContentAddress content, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, FormattableString.Invariant($"{tls.Scheme}://{content.Endpoint}/content/{content.Id}?from={from}"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var response = await _connections.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK && IsFramed(response, content.Length - from)) return await response.Content.ReadAsStreamAsync(cancellationToken); // with it goes the connection
        response.Dispose();
        return null;
    }

    // What is framed by the end of the connection alone would look whole when it is cut (P4).
    private static bool IsFramed(HttpResponseMessage response, long? expected) =>
        response.Content.Headers.ContentLength is { } length ? expected is null || length == expected : response.Headers.TransferEncodingChunked == true;

    public void Dispose() => _connections.Dispose();
}
