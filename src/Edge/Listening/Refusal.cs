using System.Globalization;
using System.Text;
using Granary.Semantics.Framing;

namespace Granary.Edge.Listening;

/// <summary>The answer to a head that violates the framing. It names the violation and repeats no byte of the client.</summary>
internal static class Refusal
{
    /// <summary>RFC 9112 §3, §6.1; RFC 9110 §15.6.2, §15.6.6; RFC 6585 §5.</summary>
    public static string StatusFor(FramingViolation violation) => violation switch
    {
        FramingViolation.HeadTooLarge or FramingViolation.TooManyFields => "431 Request Header Fields Too Large",
        FramingViolation.UnknownTransferCoding => "501 Not Implemented",
        FramingViolation.HttpVersionNotSupported => "505 HTTP Version Not Supported",
        _ => "400 Bad Request",
    };

    public static ReadOnlyMemory<byte> Answer(FramingViolation violation, DateTimeOffset now)
    {
        var content = $"Request refused: {violation.InWords()}.\n";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {StatusFor(violation)}\r\nDate: {now:R}\r\nContent-Type: text/plain\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{content}"));
    }
}
