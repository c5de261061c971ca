using System.Security.Cryptography;
using System.Text.Json;
using Granary.Language;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Granary.Edge.Tests.Users;

/// <summary>Signs tokens, and publishes its keys as authorities do.</summary>
internal sealed class Signer : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _id;

    public Signer(string id = "one") => _id = id;

    public string KeySet
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return JsonSerializer.Serialize(new { keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", kid = _id, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } } });
        }
    }

    /// <param name="claims">Beside sub, which is alice, and groups, which are staff and admins; null takes one away.</param>
    public string Signs(Clock clock, string issuer, string audience = "proxy", TimeSpan? lifetime = null, params (string Name, object? Value)[] claims)
    {
        var now = clock.Now.ToUnixTimeSeconds();
        var all = new Dictionary<string, object?> { ["iss"] = issuer, ["aud"] = audience, ["sub"] = "alice", ["groups"] = new[] { "staff", "admins" }, ["nbf"] = now, ["exp"] = now + (long)(lifetime ?? 10.Minutes()).TotalSeconds };
        foreach (var (name, value) in claims) all[name] = value;
        return new JsonWebTokenHandler().CreateToken(
            JsonSerializer.Serialize(all.Where(static claim => claim.Value is not null).ToDictionary()), new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = _id }, SecurityAlgorithms.EcdsaSha256));
    }

    public void Dispose() => _key.Dispose();
}
