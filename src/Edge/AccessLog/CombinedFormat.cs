using System.Buffers;
using System.Globalization;

namespace Granary.Edge.AccessLog;

/// <summary>Apache's: <c>%h %l %u %t "%r" %&gt;s %b "%{Referer}i" "%{User-Agent}i"</c>, with its escapes.</summary>
internal static class CombinedFormat
{
    public static void Write(IBufferWriter<byte> line, AccessRecord record, bool withQuery)
    {
        Escapes.Plain(line, $"{record.Client?.ToString() ?? "-"} - ");
        Escapes.Backslashed(line, record.User ?? "", inQuotes: false);
        Escapes.Plain(line, record.Time.UtcDateTime.ToString(" '['dd/MMM/yyyy':'HH':'mm':'ss '+0000] \"'", CultureInfo.InvariantCulture));
        Escapes.Backslashed(line, record.Method, inQuotes: false);
        line.Write(" "u8);
        Escapes.Backslashed(line, LoggedUrl.Of(record, withQuery), inQuotes: false);
        Escapes.Plain(line, string.Create(CultureInfo.InvariantCulture, $" {record.Protocol}\" {record.Status} {(record.Bytes == 0 ? "-" : record.Bytes)} "));
        Quoted(line, record.Referer is { } referer ? LoggedUrl.Of(referer, withQuery) : null);
        line.Write(" "u8);
        Quoted(line, record.UserAgent);
        line.Write("\n"u8);
    }

    private static void Quoted(IBufferWriter<byte> line, string? text)
    {
        line.Write("\""u8);
        Escapes.Backslashed(line, LoggedUrl.Bounded(text ?? ""), inQuotes: true);
        line.Write("\""u8);
    }
}
