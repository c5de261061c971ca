using System.Security.Cryptography;
using System.Text;

namespace Granary.Edge.Users.Passwords;

/// <summary><c>$apr1$</c>: Apache's form of the MD5 crypt of FreeBSD, a thousand rounds.</summary>
internal sealed record Apr1 : PasswordHash
{
    private const string Scheme = "$apr1$";
    private const int Size = 16, MostSalt = 8, Rounds = 1000, Text = 22;

    private readonly byte[] _salt;
    private readonly string _hash;

    private Apr1(string salt, string hash) => (_salt, _hash) = (Encoding.ASCII.GetBytes(salt), hash);

    public static new PasswordHash? Parse(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) && text[Scheme.Length..].Split('$') is [{ Length: <= MostSalt } salt, { Length: Text } hash] && CryptText.IsText(salt + hash) ? new Apr1(salt, hash) : null;

    public override bool IsOf(ReadOnlySpan<byte> password)
    {
        Span<byte> digest = stackalloc byte[Size];
        Span<char> text = stackalloc char[Text];
        Hash(password, digest);
        Write(digest, text);
        return CryptographicOperations.FixedTimeEquals(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text), System.Runtime.InteropServices.MemoryMarshal.AsBytes(_hash.AsSpan()));
    }

#pragma warning disable CA5351 // What the file has.
    private void Hash(ReadOnlySpan<byte> password, Span<byte> digest)
    {
        var sum = new Sum((10 * LongestPassword) + 64);
        sum.Add(password);
        sum.Add(_salt);
        sum.Add(password);
        MD5.HashData(sum.Bytes, digest);
        sum.Clear();
        sum.Add(password);
        sum.Add("$apr1$"u8);
        sum.Add(_salt);
        for (var left = password.Length; left > 0; left -= Size) sum.Add(digest[..Math.Min(left, Size)]);
        for (var bits = password.Length; bits > 0; bits >>= 1) sum.Add((bits & 1) != 0 ? "\0"u8 : password[..1]);
        MD5.HashData(sum.Bytes, digest);
        for (var round = 0; round < Rounds; round++)
        {
            sum.Clear();
            sum.Add(round % 2 != 0 ? password : digest);
            if (round % 3 != 0) sum.Add(_salt);
            if (round % 7 != 0) sum.Add(password);
            sum.Add(round % 2 != 0 ? digest : password);
            MD5.HashData(sum.Bytes, digest);
        }
    }
#pragma warning restore CA5351

    private static void Write(ReadOnlySpan<byte> digest, Span<char> text)
    {
        for (var i = 0; i < 5; i++) text = CryptText.Write(text, digest[i], digest[i + 6], digest[i == 4 ? 5 : i + 12]);
        CryptText.Write(text, 0, 0, digest[11], characters: 2);
    }
}
