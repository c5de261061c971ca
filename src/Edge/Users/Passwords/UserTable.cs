using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Granary.Edge.Users.Passwords;

/// <summary>Users, their passwords and groups as the files had them at one time. Immutable.</summary>
internal sealed class UserTable(FrozenDictionary<string, PasswordHash> users, FrozenDictionary<string, ImmutableArray<string>> groupsOf)
{
    public static readonly UserTable Empty = new(FrozenDictionary<string, PasswordHash>.Empty, FrozenDictionary<string, ImmutableArray<string>>.Empty);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public int Count => users.Count;

    public ClientIdentity IdentityOf(string name) => new(name, groupsOf.GetValueOrDefault(name, []));

    /// <summary>Slow, on purpose. An unknown name takes as long as that of some user: always the same one's, so that asking twice tells nothing either.</summary>
    public ClientIdentity? Verify(string name, string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (bytes.Length > PasswordHash.LongestPassword || users.Count == 0) return null;
        var isKnown = users.TryGetValue(name, out var hash);
        var isRight = (hash ?? SomebodyElses(name)).IsOf(bytes);
        return isKnown && isRight ? IdentityOf(name) : null;
    }

    private PasswordHash SomebodyElses(string name)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name), hash);
        return users.Values[(int)(BitConverter.ToUInt32(hash) % (uint)users.Count)];
    }
}
