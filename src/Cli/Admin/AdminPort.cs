using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Granary.Cli.Admin;

/// <summary>The admin port of an edge or a silo. Never through a proxy: the one that the environment names may be the very one that is asked.</summary>
internal sealed class AdminPort : IDisposable
{
    private const int MostBytes = 64 << 20;

    private readonly Uri _url;
    private readonly HttpClient _http;

    public AdminPort(Uri url, string? token, TimeSpan timeout)
    {
        _url = new Uri(url.AbsoluteUri.TrimEnd('/') + "/");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = MostBytes,
        };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<AdminReply> Get(string path, CancellationToken cancellationToken) => Send(new HttpRequestMessage(HttpMethod.Get, new Uri(_url, path)), cancellationToken);

    /// <param name="content">JSON.</param>
    public Task<AdminReply> Post(string path, string content, CancellationToken cancellationToken) =>
        Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_url, path)) { Content = new StringContent(content, Encoding.UTF8, "application/json") }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<AdminReply> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using (request)
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                return Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AdminReply.Unreachable($"{_url} did not answer within {_http.Timeout.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException broken)
        {
            return new AdminReply.Unreachable($"{_url} cannot be reached: {broken.Message}");
        }
    }

    private static AdminReply Read(int status, byte[] content)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(content);
            return status is 200 ? new AdminReply.Answered(json) : new AdminReply.No(status, Detail(json) ?? $"The admin port answered {status}.");
        }
        catch (JsonException)
        {
            return new AdminReply.No(status, status is 200 ? "What answered is no admin port of Granary." : $"The admin port answered {status}.");
        }
    }

    private static string? Detail(JsonElement problem) =>
        problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) && detail.ValueKind is JsonValueKind.String ? detail.GetString() : null;
}
