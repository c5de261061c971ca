namespace Granary.Edge.Policy.Lists;

/// <summary>What came of reading a list.</summary>
/// <param name="Unread">Lines that are no names; they are left out.</param>
internal sealed record ListReading(DomainList Domains, int Unread)
{
    /// <summary>Larger lists are refused (P7).</summary>
    public const long MostBytes = 512L << 20;

    private const int LineBytes = 64 << 10;

    /// <param name="expected">Bytes, as far as it is known.</param>
    /// <exception cref="InvalidDataException">It is too large, or something else than a list.</exception>
    public static async Task<ListReading> Of(Stream content, long expected, CancellationToken cancellationToken)
    {
        var names = new DomainNames((int)Math.Clamp(expected, 0, MostBytes));
        var buffer = new byte[LineBytes];
        var (kept, total, isTooLong, isFirst) = (0, 0L, false, true);
        for (int read; (read = await content.ReadAsync(buffer.AsMemory(kept), cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if ((total += read) > MostBytes) throw new InvalidDataException("The list is larger than 512 MiB.");
            var rest = (ReadOnlyMemory<byte>)buffer.AsMemory(0, kept + read);
            if (isFirst && rest.Length >= 3)
            {
                isFirst = false;
                if (rest.Span.StartsWith("\uFEFF"u8)) rest = rest[3..];
            }

            kept = Lines(names, rest.Span, buffer, ref isTooLong);
        }

        if (kept > 0 && !isTooLong) names.Add(buffer.AsSpan(0, kept));
        if (names is { Count: 0, Unread: > 0 }) throw new InvalidDataException("There is no name in it.");
        return new ListReading(names.ToList(), names.Unread);
    }

    /// <returns>How much of the buffer's beginning is the beginning of a line.</returns>
    private static int Lines(DomainNames names, ReadOnlySpan<byte> bytes, byte[] buffer, ref bool isTooLong)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (!isTooLong) names.Add(bytes[..end]);
            isTooLong = false;
            bytes = bytes[(end + 1)..];
        }

        if (bytes.Length == buffer.Length && !isTooLong) names.Skip();
        isTooLong |= bytes.Length == buffer.Length;
        if (isTooLong) return 0;
        bytes.CopyTo(buffer);
        return bytes.Length;
    }
}
