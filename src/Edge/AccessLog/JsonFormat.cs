using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Granary.Edge.AccessLog;

/// <summary>A JSON object in a line. What is not known, or not so, is left out.</summary>
internal sealed class JsonFormat : IDisposable
{
    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    private readonly Utf8JsonWriter _json = new(Nowhere);

    public void Write(IBufferWriter<byte> line, AccessRecord record, bool withQuery)
    {
        _json.Reset(line);
        _json.WriteStartObject();
        if (record.IsOpening) _json.WriteString("event"u8, "open"u8);
        _json.WriteString("time"u8, record.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        Text("client"u8, record.Client?.ToString());
        Text("user"u8, record.User);
        Text("method"u8, record.Method);
        _json.WriteString("url"u8, LoggedUrl.Of(record, withQuery));
        Text("protocol"u8, record.Protocol);
        _json.WriteNumber("status"u8, record.Status);
        _json.WriteNumber("bytes"u8, record.Bytes);
        if (record.BytesIn is { } bytesIn) _json.WriteNumber("bytes_in"u8, bytesIn);
        _json.WriteNumber("duration_ms"u8, Math.Round(record.Duration.TotalMilliseconds, 3));
        Cache(record);
        Text("rule"u8, record.Rule);
        Text("from"u8, record.From);
        Text("error"u8, record.Error);
        Text("way"u8, record.Way?.ToString());
        Text("end"u8, record.End?.ToString());
        if (record.IsInspected) _json.WriteBoolean("inspected"u8, true);
        if (record.IsAborted) _json.WriteBoolean("aborted"u8, true);
        Text("type"u8, record.ContentType);
        if (record.Referer is { } referer) _json.WriteString("referer"u8, LoggedUrl.Of(referer, withQuery));
        Text("agent"u8, record.UserAgent);
        _json.WriteEndObject();
        _json.Flush();
        line.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    // In the words of RFC 9211 §2.
    private void Cache(AccessRecord record)
    {
        if (record.Cache is not { } cache) return;
        _json.WriteString("cache"u8, CacheWord.Of(cache));
        if (cache is { Hit: false, FwdStatus: { } status }) _json.WriteNumber("fwd_status"u8, status);
        if (cache.Stored) _json.WriteBoolean("stored"u8, true);
        if (cache.Collapsed) _json.WriteBoolean("collapsed"u8, true);
        Text("detail"u8, cache.Detail);
    }

    private void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) _json.WriteString(name, LoggedUrl.Bounded(value));
    }
}
