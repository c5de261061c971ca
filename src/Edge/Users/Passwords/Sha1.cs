using System.Security.Cryptography;

namespace Granary.Edge.Users.Passwords;

/// <summary><c>{SHA}</c>: one SHA-1 without a salt, as LDAP wrote it. Weak, and in many files.</summary>
internal sealed record Sha1 : PasswordHash
{
    private const string Scheme = "{SHA}";

    private readonly byte[] _hash;

    private Sha1(byte[] hash) => _hash = hash;

    public static new PasswordHash? Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = new byte[SHA1.HashSizeInBytes];
        return Convert.TryFromBase64String(text[Scheme.Length..], hash, out var length) && length == hash.Length ? new Sha1(hash) : null;
    }

#pragma warning disable CA5350 // What the file has.
    public override bool IsOf(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(SHA1.HashData(password), _hash);
#pragma warning restore CA5350
}
