using System.Text;

namespace Granary.Semantics.Ranges;

/// <summary>
/// The framing of multipart/byteranges (RFC 9110 §14.6): the content is, for each part, its head, then its bytes; then the close.
/// </summary>
/// <param name="boundary">Chosen by the caller at random, so that it does not occur in the content; characters of RFC 2046 §5.1.1.</param>
/// <param name="contentType">Content-Type of the whole response, repeated in each part; null if it had none.</param>
public sealed class MultipartByteRanges(string boundary, string? contentType, IReadOnlyList<ByteRange> parts, long completeLength)
{
    private readonly byte[][] _heads = [.. parts.Select((part, i) => Head(boundary, contentType, part, completeLength, isFirst: i == 0))];
    private readonly byte[] _close = Encoding.Latin1.GetBytes($"\r\n--{boundary}--\r\n");

    public IReadOnlyList<ByteRange> Parts => parts;

    /// <summary>Content-Type of the 206.</summary>
    public string ContentType => $"multipart/byteranges; boundary={boundary}";

    /// <summary>Content-Length of the 206.</summary>
    public long TotalLength => _heads.Sum(head => (long)head.Length) + parts.Sum(part => part.Length) + _close.Length;

    /// <summary>Goes before the bytes of part <paramref name="index"/>.</summary>
    public ReadOnlyMemory<byte> PartHead(int index) => _heads[index];

    /// <summary>Goes behind the bytes of the last part.</summary>
    public ReadOnlyMemory<byte> Close => _close;

    private static byte[] Head(string boundary, string? contentType, ByteRange part, long completeLength, bool isFirst)
    {
        var head = new StringBuilder(isFirst ? "" : "\r\n").Append("--").Append(boundary).Append("\r\n");
        if (contentType is not null) head.Append("Content-Type: ").Append(contentType).Append("\r\n");
        head.Append("Content-Range: ").Append(ContentRange.Of(part.First, part.Last, completeLength)).Append("\r\n\r\n");
        return Encoding.Latin1.GetBytes(head.ToString());
    }
}
