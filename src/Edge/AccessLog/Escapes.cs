using System.Buffers;
using System.Text;

namespace Granary.Edge.AccessLog;

/// <summary>Writes what comes from outside so that no line can be forged: a client has no way to a line end, a quote or a space of ours. What is empty is a dash.</summary>
internal static class Escapes
{
    private const string Hex = "0123456789ABCDEF", SmallHex = "0123456789abcdef";

    /// <summary>As Apache does it: <c>\"</c>, <c>\\</c>, <c>\n</c>, and <c>\xhh</c> for what is not visible ASCII.</summary>
    /// <param name="inQuotes">Else a space would be the end of it.</param>
    public static void Backslashed(IBufferWriter<byte> line, string text, bool inQuotes)
    {
        if (text.Length == 0) line.Write("-"u8);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            switch (octet)
            {
                case (byte)'"' or (byte)'\\': line.Write([(byte)'\\', octet]); break;
                case (byte)'\n': line.Write("\\n"u8); break;
                case (byte)'\r': line.Write("\\r"u8); break;
                case (byte)'\t': line.Write("\\t"u8); break;
                case > 0x20 and < 0x7f: line.Write([octet]); break;
                case 0x20 when inQuotes: line.Write(" "u8); break;
                default: line.Write([(byte)'\\', (byte)'x', (byte)SmallHex[octet >> 4], (byte)SmallHex[octet & 15]]); break;
            }
    }

    /// <summary>As Squid does it: <c>%XX</c>.</summary>
    /// <param name="keepsPercent">A URL has its own.</param>
    public static void Percented(IBufferWriter<byte> line, string text, bool keepsPercent)
    {
        if (text.Length == 0) line.Write("-"u8);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            if (octet is > 0x20 and < 0x7f and not ((byte)'"' or (byte)'[' or (byte)']' or (byte)'%') || (keepsPercent && octet is (byte)'%' or (byte)'[' or (byte)']')) line.Write([octet]);
            else line.Write([(byte)'%', (byte)Hex[octet >> 4], (byte)Hex[octet & 15]]);
    }

    /// <summary>A text of ours.</summary>
    public static void Plain(IBufferWriter<byte> line, string text) => Encoding.ASCII.GetBytes(text, line);
}
