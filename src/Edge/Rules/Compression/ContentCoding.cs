using System.Buffers;

namespace Granary.Edge.Rules.Compression;

/// <summary>The content codings (RFC 9110 §8.4.1, RFC 7932) that this platform can apply. It has no zstd before .NET 11.</summary>
internal enum ContentCoding
{
    Brotli,
    Gzip,
}

/// <summary>Codings in words, and what applies them.</summary>
internal static class ContentCodings
{
    public static ContentCoding? Of(string? token) => token switch
    {
        "br" => ContentCoding.Brotli,
        "gzip" => ContentCoding.Gzip,
        _ => null,
    };

    public static string Token(this ContentCoding coding) => coding is ContentCoding.Brotli ? "br" : "gzip";

    /// <param name="isKept">What comes of it is sent many times, and worth some more work.</param>
    public static Encoder EncoderTo(this ContentCoding coding, IBufferWriter<byte> sink, bool isKept) =>
        coding is ContentCoding.Brotli ? new Brotli(sink, isKept ? 6 : 4) : new Gzip(sink, isKept ? 7 : 5);
}
