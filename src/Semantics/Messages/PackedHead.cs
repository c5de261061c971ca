using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>
/// The head of a response in bytes, for this process alone: status, reason, and for each field its name and its value. A text is a number (<see cref="KnownTexts"/>), a date as seconds, or its characters,
/// of which each is one byte (Latin-1). What is read is the same, character by character, as what was written. Numbers are written seven bits to a byte, the lowest first.
/// </summary>
internal static class PackedHead
{
    private const int NoReason = 0;
    private const int Date = 0;
    private const int MostOfNumber = 5;
    private const int DateLength = 29;

    // They differ from response to response, so they are nothing to remember.
    private static readonly ImmutableArray<string> Own = [FieldNames.ETag, FieldNames.SetCookie, FieldNames.Location, FieldNames.ContentLocation, FieldNames.Link, FieldNames.ContentLength];

    /// <returns>Null for what has characters that are no bytes.</returns>
    public static byte[]? Of(ResponseHead head)
    {
        var most = 4 * MostOfNumber + (head.Reason?.Length ?? 0);
        foreach (var line in head.Fields) most += 4 * MostOfNumber + line.Name.Length + line.Value.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            var writer = new Writer(buffer);
            return writer.TryWrite(head) ? writer.Written.ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static ResponseHead Read(byte[] bytes)
    {
        var reader = new Reader(bytes);
        var (status, hasReason) = (reader.Number(), reader.Number() != NoReason);
        var reason = hasReason ? reader.Text() : null;
        var lines = ImmutableArray.CreateBuilder<FieldLine>(reader.Number());
        while (lines.Count < lines.Capacity) lines.Add(new FieldLine(reader.Text(), reader.Text()));
        return new ResponseHead(status, lines.Count == 0 ? FieldLines.Empty : new FieldLines(lines.MoveToImmutable()), reason);
    }

    private ref struct Writer(byte[] buffer)
    {
        private int _at;

        public readonly ReadOnlySpan<byte> Written => buffer.AsSpan(0, _at);

        public bool TryWrite(ResponseHead head)
        {
            Number(head.Status);
            Number(head.Reason is null ? NoReason : 1);
            if (head.Reason is { } reason && !TryWrite(reason, KnownTexts.NumberOfSeen(reason))) return false;
            Number(head.Fields.Count);
            foreach (var line in head.Fields)
                if (!TryWrite(line.Name, KnownTexts.NumberOfSeen(line.Name)) || !TryWriteValue(line)) return false;
            return true;
        }

        private bool TryWriteValue(FieldLine line)
        {
            if (SecondsOf(line.Value) is { } seconds)
            {
                Number((Date << 1) + 1);
                Number(seconds);
                return true;
            }

            foreach (var name in Own)
                if (line.Is(name)) return TryWrite(line.Value, KnownTexts.NumberOf(line.Value));
            return TryWrite(line.Value, KnownTexts.NumberOfSeen(line.Value));
        }

        private bool TryWrite(string text, int number)
        {
            if (number > 0)
            {
                Number((number << 1) + 1);
                return true;
            }

            if (text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff')) return false;
            Number(text.Length << 1);
            _at += Encoding.Latin1.GetBytes(text, buffer.AsSpan(_at));
            return true;
        }

        private void Number(int number)
        {
            var left = (uint)number;
            for (; left > 0x7F; left >>= 7) buffer[_at++] = (byte)(left | 0x80);
            buffer[_at++] = (byte)left;
        }

        // Of a date in the form in which it is written again.
        private static int? SecondsOf(string value)
        {
            if (value.Length != DateLength || !value.EndsWith("GMT", StringComparison.Ordinal) || !HttpDate.TryParse(value, default, out var date)) return null;
            Span<char> again = stackalloc char[DateLength];
            return date.TryFormat(again, out _, "R", CultureInfo.InvariantCulture) && value.AsSpan().SequenceEqual(again) && date.ToUnixTimeSeconds() is >= 0 and <= int.MaxValue and var seconds ? (int)seconds : null;
        }
    }

    private ref struct Reader(byte[] bytes)
    {
        private int _at;

        public int Number()
        {
            var number = 0u;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[_at++];
                number |= (uint)(next & 0x7F) << shift;
                if (next <= 0x7F) return (int)number;
            }
        }

        public string Text()
        {
            var said = Number();
            if ((said & 1) != 0) return said >> 1 == Date ? HttpDate.Format(DateTimeOffset.FromUnixTimeSeconds(Number())) : KnownTexts.Of(said >> 1);
            var text = Encoding.Latin1.GetString(bytes, _at, said >> 1);
            _at += said >> 1;
            return text;
        }
    }
}
