using System.Buffers;
using Granary.Grains.Store;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace Granary.Grains.Resources;

/// <summary>
/// Writes content from the store's own segments and reads it into rented memory: no array per answer on either side.
/// On the wire: length + 1, the bytes, and 1 if they are the content or 0 if it is gone. The verdict comes last because a content may fail while it is
/// written; what has been written of it by then is padded and means nothing (P4).
/// </summary>
[RegisterSerializer]
internal sealed class InlineContentCodec : IFieldCodec<InlineContent?>
{
    // Far above any limit that can be set, far below what could hurt.
    private const uint MostBytes = 16 << 20;

    private static readonly byte[] Padding = new byte[4096];

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, InlineContent? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(InlineContent), WireType.LengthPrefixed);
        if (value!.IsHere) Write(ref writer, value.Bytes.Span);
        else Write(ref writer, value.Source);
    }

    public InlineContent? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<InlineContent, TInput>(ref reader, field);
        field.EnsureWireType(WireType.LengthPrefixed);
        var content = Read(ref reader);
        ReferenceCodec.RecordObject(reader.Session, content);
        return content;
    }

    private static InlineContent Read<TInput>(ref Reader<TInput> reader)
    {
        var size = reader.ReadVarUInt32();
        if (size is 0 or > MostBytes) throw new InvalidDataException("An inline content has an impossible length.");
        var bytes = (int)size - 1;
        var rented = bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);
        reader.ReadBytes(rented.AsSpan(0, bytes));
        var content = new InlineContent(rented, bytes);
        if (reader.ReadByte() == 1) return content;
        content.Dispose();
        return InlineContent.Gone;
    }

    private static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, ReadOnlySpan<byte> bytes)
        where TBufferWriter : IBufferWriter<byte>
    {
        writer.WriteVarUInt32((uint)bytes.Length + 1);
        writer.Write(bytes);
        writer.WriteByte(1);
    }

    private static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, Content? content)
        where TBufferWriter : IBufferWriter<byte>
    {
        using var reader = content?.TryOpenReader();
        var length = reader is null ? null : content!.Length;
        writer.WriteVarUInt32((uint)(length ?? 0) + 1);
        var missing = length is { } bytes ? Copy(ref writer, reader!, (int)bytes) : 0;
        var isWhole = length is not null && missing == 0;
        for (; missing > 0; missing -= Padding.Length) writer.Write(Padding.AsSpan(0, Math.Min(missing, Padding.Length)));
        writer.WriteByte(isWhole ? (byte)1 : (byte)0);
    }

    // Answers how many bytes are missing: none, unless it failed just now.
    private static int Copy<TBufferWriter>(ref Writer<TBufferWriter> writer, ContentReader reader, int left)
        where TBufferWriter : IBufferWriter<byte>
    {
        try
        {
            while (left > 0 && reader.TryRead(out var bytes) && !bytes.IsEmpty)
            {
                if (bytes.Length > left) bytes = bytes[..left];
                writer.Write(bytes.Span);
                reader.Advance(bytes.Length);
                left -= bytes.Length;
            }
        }
        catch (IncompleteContentException)
        {
        }

        return left;
    }
}

/// <summary>Nothing of it changes, so inside the process the same one is passed on.</summary>
[RegisterCopier]
internal sealed class InlineContentCopier : IDeepCopier<InlineContent?>
{
    public InlineContent? DeepCopy(InlineContent? input, CopyContext context) => input;
}
