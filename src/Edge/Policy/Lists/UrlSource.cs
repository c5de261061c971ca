using System.Net;
using System.Net.Http.Headers;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy.Lists;

/// <summary>
/// A list from a web server, asked conditionally (RFC 9110 §13.1). The operator has named the server, so it may be anywhere; where it redirects to, it is taken for a client of the proxy.
/// </summary>
internal sealed class UrlSource : IDisposable
{
    /// <summary>For a whole list.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Func<GranarySettings> _settings;
    private readonly TimeProvider _clock;
    private readonly GuardedConnect _configured;
    private readonly GuardedConnect _elsewhere;
    private readonly HttpMessageInvoker _http;

    public UrlSource(Func<GranarySettings> settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _configured = GuardedConnect.ToConfiguredOrigins(() => settings().Fetch.ConnectTimeout, clock);
        _elsewhere = GuardedConnect.ToAnyDestination(new DestinationPolicy(() => settings().Access.AllowDestinations), () => settings().Fetch.ConnectTimeout, clock);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectCallback = Connect,
            ConnectTimeout = Timeout.InfiniteTimeSpan, // the guard has its own
            MaxAutomaticRedirections = 5,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <returns>Null if it is as it was.</returns>
    /// <exception cref="HttpRequestException">There is none to be had.</exception>
    public async Task<ListReading?> Load(LoadedList list, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = Request(list);
        using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotModified && list.Now is not null) return null;
        if (response.StatusCode is not HttpStatusCode.OK) throw new HttpRequestException($"The answer is {(int)response.StatusCode}.");
        var content = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
        var reading = await ListReading.Of(content, response.Content.Headers.ContentLength ?? 0, either.Token).ConfigureAwait(false);
        list.Version = new Validators(response.Headers.ETag, response.Content.Headers.LastModified);
        return reading;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(LoadedList list)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, list.Settings.Url) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.UserAgent.ParseAdd("granary");
        if (list is not { Now: not null, Version: Validators known }) return request;
        if (known.EntityTag is { } tag) request.Headers.IfNoneMatch.Add(tag);
        else request.Headers.IfModifiedSince = known.LastModified;
        return request;
    }

    private ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        (IsConfigured(context.DnsEndPoint) ? _configured : _elsewhere).ConnectAsync(context, cancellationToken);

    private bool IsConfigured(DnsEndPoint server) => _settings().Policy.Lists.Any(list =>
        list.Url is { } url && new Uri(url) is var configured && configured.Port == server.Port && configured.IdnHost.Equals(server.Host, StringComparison.OrdinalIgnoreCase));

    private sealed record Validators(EntityTagHeaderValue? EntityTag, DateTimeOffset? LastModified);
}
