using Granary.Grains.Origin;
using Granary.Grains.Origin.Wire;
using Granary.Semantics.Framing;

namespace Granary.Grains.Tests.Origin.Wire;

/// <summary>The HTTP client behind the strict guard, put together as in the product: a connection that closes just as it is used is replaced once.</summary>
internal sealed class OriginClient(ScriptedOrigin origin) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new OnceMore(Guarded(TimeSpan.FromMinutes(10)), Guarded(TimeSpan.Zero)));

    public async Task<string> Asks(string method = "GET", OriginExchange? exchange = null, HttpContent? content = null)
    {
        using var answer = await Send(method, exchange, content);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    public async Task<HttpResponseMessage> Send(string method, OriginExchange? exchange = null, HttpContent? content = null, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), origin.Uri) { Content = content };
        with?.Invoke(request);
        OriginExchange.Current = exchange;
        return await _http.SendAsync(request, CancellationToken.None);
    }

    /// <summary>The violation for which the exchange failed, None if it failed otherwise.</summary>
    public async Task<FramingViolation> IsRefused(string method = "GET")
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Asks(method));
        return OriginProtocolException.In(failure) ?? FramingViolation.None;
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Guarded(TimeSpan lifetime) =>
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxResponseHeadersLength = 128, PooledConnectionLifetime = lifetime }.UseStrictHttp1();
}
