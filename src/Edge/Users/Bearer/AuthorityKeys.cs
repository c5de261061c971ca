using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Granary.Edge.Users.Bearer;

/// <summary>Asks an authority of OpenID Connect for its keys: OpenID Connect Discovery 1.0 §4.</summary>
internal sealed class AuthorityKeys(TimeProvider clock) : IDisposable
{
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };

    /// <returns>The keys; or why there are none.</returns>
    public async Task<(TokenKeys? Keys, string Why)> Ask(Uri authority, string path)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        try
        {
            var found = OpenIdConnectConfiguration.Create(await Get(new Uri(authority, path.TrimEnd('/') + "/.well-known/openid-configuration"), late.Token));
            if (!Uri.TryCreate(found.JwksUri, UriKind.Absolute, out var keys) || (keys.Scheme != Uri.UriSchemeHttps && (authority.Scheme == Uri.UriSchemeHttps || !keys.IsLoopback))) return (null, "it names no jwks_uri with https");
            return (TokenKeys.OfSet(await Get(keys, late.Token), found.Issuer), "it has no public key of RSA or an elliptic curve");
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException or ArgumentException or System.Text.Json.JsonException)
        {
            return (null, away is HttpRequestException { StatusCode: { } status } ? $"it answers {(int)status}" : away is ArgumentException or System.Text.Json.JsonException ? "its answer is no JSON that says it" : "it does not answer");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<string> Get(Uri uri, CancellationToken late) => await _client.GetStringAsync(uri, late);
}
