using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Granary.Edge.Owners;
using Granary.Grains.Resources;

namespace Granary.Edge.Delivery;

/// <summary>Reads content at the content ports of silos.</summary>
internal sealed class SiloContent(SiloContentOptions options, Silos silos, TimeProvider clock) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(HandlerOf(options));

    public SiloContentOptions Options => options;

    public Patience NewPatience(CancellationToken clientGone) => new(clock, clientGone);

    /// <param name="count">Null for all there will be.</param>
    public Task<HttpResponseMessage> Ask(ContentAddress content, long from, long? count, CancellationToken cancellationToken) =>
        Ask(content, count is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"from={from}&count={bytes}") : string.Create(CultureInfo.InvariantCulture, $"from={from}"), cancellationToken);

    /// <summary>Has the silo keep that content, whatever becomes of the stored response, until this is disposed.</summary>
    /// <returns>Null when it is gone, or the silo does not answer.</returns>
    public async Task<IDisposable?> Hold(ContentAddress content, CancellationToken clientGone)
    {
        using var patience = NewPatience(clientGone);
        try
        {
            patience.Begin(options.HeadTimeout);
            var response = await Ask(content, "hold=1", patience.Token);
            if (response.IsSuccessStatusCode) return response;
            response.Dispose();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !clientGone.IsCancellationRequested))
        {
            Doubts(content);
            return null;
        }
    }

    private Task<HttpResponseMessage> Ask(ContentAddress content, string query, CancellationToken cancellationToken)
    {
        var scheme = options.Tls is null ? "http" : "https";
        var uri = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{content.Endpoint}/content/{content.Id}?{query}");
        var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>It did not answer: the next question for what it owns is not to wait for it as well.</summary>
    public void Doubts(ContentAddress content) => silos.Doubts(content.Endpoint!);

    public void Dispose() => _http.Dispose();

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The invoker disposes it.")]
    private static SocketsHttpHandler HandlerOf(SiloContentOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1), // shorter than the silo's, so that a connection is not closed just as it is used
            MaxResponseDrainSize = 0, // what its client no longer wants is let go at once
        };
        if (options.Tls is { } tls) handler.SslOptions = tls;
        return handler;
    }
}
