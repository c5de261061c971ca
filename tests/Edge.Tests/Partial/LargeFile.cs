using Granary.Language;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Tests.Partial;

/// <summary>A file on an origin that knows ranges. Every byte tells where it stands, so that one in the wrong place shows.</summary>
internal sealed class LargeFile(long length, string etag = "\"v1\"", string lifetime = "Cache-Control: max-age=60")
{
    public const int Mi = 1 << 20;

    public long Length => length;

    public string ETag { get; set; } = etag;

    public string Lifetime { get; set; } = lifetime;

    /// <summary>The bytes of a range, both ends inclusive.</summary>
    public string Bytes(long first, long last) =>
        string.Create((int)(last - first + 1), (first, Seed: ETag.Length + ETag[^2]), static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = (char)('a' + ((from.first + i) * 31 / 7 + from.Seed) % 26);
        });

    public string Tail(long first) => Bytes(first, length - 1);

    /// <summary>Answers as a good file server does: If-None-Match, Range, If-Range.</summary>
    public async Task Serve(OriginSide side)
    {
        var head = new ResponseHead(200, ETag.Length == 0 ? FieldLines.Empty : FieldLines.Of($"ETag: {ETag}"));
        if (side.Request.Fields.First("If-None-Match") == ETag) await side.Answers(304, Fields([]));
        else if (Ranges.Evaluate(new RequestHead("GET", "http://x/", side.Request.Fields), head, length) is RangeOutcome.Single range)
            await side.Answers(206, Fields([$"Content-Range: {ContentRange.Of(range.First, range.Last, length)}"]), Bytes(range.First, range.Last));
        else await side.Answers(200, Fields(["Content-Type: text/x", "Accept-Ranges: bytes"]), Bytes(0, length - 1));
    }

    public string[] Fields(string[] more) => [Lifetime, $"ETag: {ETag}", .. more];
}
