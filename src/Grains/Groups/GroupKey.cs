using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Granary.Grains.Groups;

/// <summary>
/// The key of a group in eight bytes, so that neither an index nor a stored response grows with names that origins choose. Should two names ever fall
/// together, then one is invalidated with the other: a fetch too many, never one too few.
/// </summary>
internal static class GroupKey
{
    public static ulong Of(string group) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(group)));
}
