using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace Granary.Edge.Users.Bearer;

/// <summary>The keys that tokens are signed with, and who signs. Immutable.</summary>
/// <param name="Issuer">Null where the settings say it.</param>
internal sealed record TokenKeys(string? Issuer, ImmutableArray<SecurityKey> Keys)
{
    /// <summary>Those of a JSON Web Key Set (RFC 7517 §5) that are for signatures. A symmetric key would let everybody sign who can verify.</summary>
    /// <returns>Null if there is none.</returns>
    public static TokenKeys? OfSet(string json, string? issuer = null)
    {
        try
        {
            var keys = JsonWebKeySet.Create(json).GetSigningKeys().Where(static key => key is RsaSecurityKey or ECDsaSecurityKey or X509SecurityKey or JsonWebKey { Kty: "RSA" or "EC" }).ToImmutableArray();
            return keys.IsEmpty ? null : new TokenKeys(issuer, keys);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or System.Text.Json.JsonException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public bool IsSame(TokenKeys? other) =>
        other is not null && Issuer == other.Issuer && Keys.Length == other.Keys.Length && Keys.Zip(other.Keys).All(static both => both.First.KeyId == both.Second.KeyId && Print(both.First).AsSpan().SequenceEqual(Print(both.Second)));

    private static byte[] Print(SecurityKey key) => key.CanComputeJwkThumbprint() ? key.ComputeJwkThumbprint() : [];
}
