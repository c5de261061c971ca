using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Edge.ProxyProtocol;

/// <summary>The header in one line of text, §2.1: <c>PROXY TCP4 192.0.2.1 192.0.2.2 51000 443</c>.</summary>
internal static class ProxyV1
{
    /// <summary>With the end of the line.</summary>
    public const int Most = 107;

    private static readonly SearchValues<char> HexAndColon = SearchValues.Create("0123456789abcdefABCDEF:");
    private static readonly SearchValues<char> HexAndDot = SearchValues.Create("0123456789abcdefABCDEF.");

    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    /// <param name="bytes">They begin like the signature.</param>
    public static ProxyReading Read(ReadOnlySpan<byte> bytes)
    {
        var line = bytes[..Math.Min(bytes.Length, Most)];
        var end = line.IndexOf((byte)'\n');
        if (end < 0)
        {
            if ((line is [.., (byte)'\r'] ? line[..^1] : line).ContainsAnyExceptInRange((byte)' ', (byte)'~')) return Refused(ProxyFault.Malformed);
            return bytes.Length >= Most ? Refused(ProxyFault.TooLong) : ProxyReading.Undecided.Instance;
        }

        if (end == 0 || line[end - 1] != '\r' || end - 1 < Signature.Length) return Refused(ProxyFault.Malformed);
        return Header(line[Signature.Length..(end - 1)]) is { } header ? new ProxyReading.Complete(header, end + 1) : Refused(ProxyFault.Malformed);
    }

    private static ProxyHeader? Header(ReadOnlySpan<byte> line)
    {
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return null;
        // Whatever stands behind it is to be ignored.
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8)) return ProxyHeader.Unknown.Instance;
        Span<char> text = stackalloc char[Most];
        text = text[..Encoding.ASCII.GetChars(line, text)];
        Span<Range> words = stackalloc Range[6];
        if (((ReadOnlySpan<char>)text).Split(words, ' ') != 5) return null;
        var family = text[words[0]] switch { "TCP4" => AddressFamily.InterNetwork, "TCP6" => AddressFamily.InterNetworkV6, _ => AddressFamily.Unspecified };
        return EndPoint(family, text[words[1]], text[words[3]]) is { } source && EndPoint(family, text[words[2]], text[words[4]]) is { } destination
            ? new ProxyHeader.Client(source, destination)
            : null;
    }

    private static IPEndPoint? EndPoint(AddressFamily family, ReadOnlySpan<char> address, ReadOnlySpan<char> port)
    {
        var isWritten = family switch
        {
            AddressFamily.InterNetwork => IsDotted(address),
            AddressFamily.InterNetworkV6 => IsColoned(address),
            _ => false,
        };
        return isWritten && Number(port, 65535) is { } number && IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == family ? new IPEndPoint(parsed, number) : null;
    }

    // Four numbers without leading zeros, which some would read as octal.
    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        var numbers = 0;
        foreach (var part in text.Split('.'))
            if (++numbers > 4 || Number(text[part], 255) is null) return false;
        return numbers == 4;
    }

    // IPAddress.TryParse would also read brackets and zones. An IPv4 address at the end is how inet_ntop writes ::ffff:0:0/96.
    private static bool IsColoned(ReadOnlySpan<char> text)
    {
        var tail = text[(text.LastIndexOf(':') + 1)..];
        if (tail.Contains('.') && !IsDotted(tail)) return false;
        return text.Contains(':') && !text[..^tail.Length].ContainsAnyExcept(HexAndColon) && !tail.ContainsAnyExcept(HexAndDot);
    }

    private static int? Number(ReadOnlySpan<char> text, int most)
    {
        if (text.Length is 0 or > 5 || text.ContainsAnyExceptInRange('0', '9') || (text[0] == '0' && text.Length > 1)) return null;
        var number = 0;
        foreach (var digit in text) number = (number * 10) + (digit - '0');
        return number <= most ? number : null;
    }

    private static ProxyReading.Refused Refused(ProxyFault why) => new(why);
}
