using System.Text;

namespace Granary.Edge.Tests.Inspection;

/// <summary>ClientHellos, byte by byte. RFC 8446 §4.1.2.</summary>
internal static class Hellos
{
    /// <param name="name">Null: it names nobody.</param>
    public static byte[] For(string? name)
    {
        byte[] extensions = [];
        if (name is not null)
        {
            var host = Encoding.Latin1.GetBytes(name);
            extensions = [0, 0, .. Length(host.Length + 5), .. Length(host.Length + 3), 0, .. Length(host.Length), .. host];
        }

        byte[] hello = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, .. Length(extensions.Length), .. extensions];
        return [22, 3, 1, .. Length(hello.Length + 4), 1, 0, .. Length(hello.Length), .. hello];
    }

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];
}
