using System.Buffers;
using System.Globalization;
using Granary.Grains.Resources.Posts;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Pass;

/// <summary>
/// A second copy of a small content on its way to a client. It is handed on once all of it was there: after the declared length, or at the end of chunks. Nothing is handed
/// on of a content that broke, or turned out too large.
/// </summary>
internal sealed class PostCopy(ResponseHead head, Func<byte[], Task> whole)
{
    private readonly long? _declared = Declared(head);
    private ArrayBufferWriter<byte>? _bytes = new();

    /// <summary>Not too large, and with an end that can be told from a break: one that the end of the connection delimits is not taken.</summary>
    public static bool Fits(ResponseHead head) =>
        Declared(head) is { } length ? length <= PassedPost.MostBytes : head.Fields.Has(FieldNames.TransferEncoding);

    /// <param name="bytes">The next of the content; none at its end.</param>
    public async ValueTask Take(ReadOnlyMemory<byte> bytes)
    {
        if (_bytes is null) return;
        _bytes.Write(bytes.Span);
        if (_bytes.WrittenCount > (_declared ?? PassedPost.MostBytes)) _bytes = null;
        else if (_declared is { } length ? _bytes.WrittenCount == length : bytes.IsEmpty) await HandOn(_bytes.WrittenSpan.ToArray());
    }

    // Before the client has the last byte: then what it asks for next can be answered with this.
    private Task HandOn(byte[] content)
    {
        _bytes = null;
        return whole(content);
    }

    private static long? Declared(ResponseHead head) =>
        !head.Fields.Has(FieldNames.TransferEncoding) && long.TryParse(head.Fields.First(FieldNames.ContentLength), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
}
