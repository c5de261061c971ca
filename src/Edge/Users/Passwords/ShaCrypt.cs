using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Granary.Edge.Users.Passwords;

/// <summary>
/// <c>$5$</c> and <c>$6$</c>: SHA-256 and SHA-512 crypt, Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512", version 0.6. The numbers are the steps of its text.
/// </summary>
internal sealed record ShaCrypt : PasswordHash
{
    private const string RoundsAre = "rounds=";
    private const int DefaultRounds = 5000, LeastRounds = 1000, MostSalt = 16;

    // The format goes up to 999,999,999, which takes minutes.
    private const int MostRounds = 1_000_000;

    private readonly bool _is512;
    private readonly int _rounds;
    private readonly byte[] _salt;
    private readonly string _hash;

    private ShaCrypt(bool is512, int rounds, string salt, string hash) => (_is512, _rounds, _salt, _hash) = (is512, rounds, Encoding.ASCII.GetBytes(salt), hash);

    private int Size => _is512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;

    public static new PasswordHash? Parse(string text)
    {
        if (text is not ['$', '5' or '6', '$', ..]) return null;
        var (is512, rounds, parts) = (text[1] == '6', DefaultRounds, text[3..].Split('$'));
        if (parts is [var first, _, _] && first.StartsWith(RoundsAre, StringComparison.Ordinal))
        {
            if (!int.TryParse(first.AsSpan(RoundsAre.Length), NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds is < LeastRounds or > MostRounds) return null;
            parts = parts[1..];
        }

        return parts is [{ Length: <= MostSalt } salt, var hash] && hash.Length == (is512 ? 86 : 43) && CryptText.IsText(salt + hash) ? new ShaCrypt(is512, rounds, salt, hash) : null;
    }

    public override bool IsOf(ReadOnlySpan<byte> password)
    {
        Span<byte> digest = stackalloc byte[Size];
        Span<char> text = stackalloc char[_hash.Length];
        Hash(password, digest);
        Write(digest, text);
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(text), MemoryMarshal.AsBytes(_hash.AsSpan()));
    }

    private void Hash(ReadOnlySpan<byte> password, Span<byte> a)
    {
        var sum = new Sum(Math.Max((password.Length + 2) * Math.Max(password.Length, 16), (16 + 255) * MostSalt) + (20 * Size));
        Begin(sum, password, a);                                                          // 1–12
        Span<byte> p = stackalloc byte[password.Length];
        for (var i = 0; i < password.Length; i++) sum.Add(password);                          // 13–15
        Repeat(Digest(sum, stackalloc byte[Size]), p);                                    // 16
        Span<byte> s = stackalloc byte[_salt.Length];
        for (var i = 0; i < 16 + a[0]; i++) sum.Add(_salt);                                   // 17–19
        Repeat(Digest(sum, stackalloc byte[Size]), s);                                    // 20
        for (var round = 0; round < _rounds; round++)                                         // 21
        {
            sum.Add(round % 2 != 0 ? p : a);
            if (round % 3 != 0) sum.Add(s);
            if (round % 7 != 0) sum.Add(p);
            sum.Add(round % 2 != 0 ? a : p);
            Digest(sum, a);
        }
    }

    private void Begin(Sum sum, ReadOnlySpan<byte> password, Span<byte> a)
    {
        sum.Add(password);
        sum.Add(_salt);
        sum.Add(password);
        var b = Digest(sum, stackalloc byte[Size]);                                       // 4–8
        sum.Add(password);
        sum.Add(_salt);
        for (var left = password.Length; left > 0; left -= Size) sum.Add(b[..Math.Min(left, Size)]); // 9, 10
        for (var bits = password.Length; bits > 0; bits >>= 1) sum.Add((bits & 1) != 0 ? b : password); // 11
        Digest(sum, a);                                                                   // 12
    }

    private ReadOnlySpan<byte> Digest(Sum sum, Span<byte> digest)
    {
        if (_is512) SHA512.HashData(sum.Bytes, digest);
        else SHA256.HashData(sum.Bytes, digest);
        sum.Clear();
        return digest;
    }

    private static void Repeat(ReadOnlySpan<byte> digest, Span<byte> over)
    {
        for (var i = 0; i < over.Length; i++) over[i] = digest[i % digest.Length];
    }

    // 22: three bytes a third of the digest apart; which of them comes first moves on by one each time.
    private void Write(ReadOnlySpan<byte> digest, Span<char> text)
    {
        var third = Size / 3;
        var (x, y, z) = (0, third, 2 * third);
        for (var i = 0; i < third; i++)
        {
            text = CryptText.Write(text, digest[x], digest[y], digest[z]);
            (x, y, z) = _is512 ? (y + 1, z + 1, x + 1) : (z + 1, x + 1, y + 1);
        }

        if (_is512) CryptText.Write(text, 0, 0, digest[63], characters: 2);
        else CryptText.Write(text, 0, digest[31], digest[30], characters: 3);
    }
}
