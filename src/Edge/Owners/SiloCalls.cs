using System.Net.Http.Headers;
using Granary.Grains.Members;
using Orleans.Serialization;

namespace Granary.Edge.Owners;

/// <summary>
/// Asks a silo directly, over its content port: no gateway lies between, and nothing of Orleans has to know where grains are. That it answers is remembered.
/// </summary>
internal sealed class SiloCalls(Serializer serializer, MemberTls tls, Silos silos) : ISiloCalls, IDisposable
{
    private static readonly MediaTypeHeaderValue Binary = new("application/octet-stream");

    private readonly HttpMessageInvoker _http = new(tls.Secure(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromMilliseconds(300),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ActivityHeadersPropagator = null,
    }));

    public async Task<MemberReply?> Ask(Member silo, MemberCall call, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(deadline);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{tls.Scheme}://{silo.Endpoint}/call") { Content = new ByteArrayContent(serializer.SerializeToArray(call)) };
            request.Content.Headers.ContentType = Binary;
            using var response = await _http.SendAsync(request, over.Token);
            silos.Hears(silo);
            if (!response.IsSuccessStatusCode) return null;
            return serializer.Deserialize<MemberReply>(await response.Content.ReadAsByteArrayAsync(over.Token));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested) // of whatever kind: it comes from beyond a boundary, and may be what another version wrote
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
