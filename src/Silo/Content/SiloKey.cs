using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Granary.Silo.Content;

/// <summary>
/// 128 random bits that a silo makes at its start. They stand in every content address, which only members of the cluster are told; without them
/// the content port answers nothing. A silo that starts again makes others, so no address of the one before leads anywhere.
/// </summary>
public sealed class SiloKey
{
    internal const int Length = 32;

    private readonly string _text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length / 2));

    /// <summary>Compared in constant time.</summary>
    public bool Is(ReadOnlySpan<char> presented) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(presented), MemoryMarshal.AsBytes(_text.AsSpan()));

    internal string Reveal() => _text;
}
