using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Granary.Edge.Users;

/// <summary>Credentials under a name that tells nothing of them: a hash with a key of this process. The credentials themselves are kept nowhere.</summary>
internal sealed class CredentialKey
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public UInt128 Of(ReadOnlySpan<char> credentials)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, MemoryMarshal.AsBytes(credentials), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
