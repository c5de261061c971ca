using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace Granary.Grains.Tests.Store;

[Trait("Promise", "P7")]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Count = 4000;

    private static readonly string[] Typical =
    [
        "Date: Mon, 05 Jan 2026 12:00:00 GMT", "Cache-Control: max-age=3600", "Content-Type: text/plain", "Server: nginx/1.24.0", "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "ETag: \"5f3c-60e1\"",
        "Accept-Ranges: bytes", "Vary: Accept-Encoding", "Content-Length: 1000", "X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=31536000", "X-Request-Id: 7d1f0a52-33c1",
    ];

    private readonly SharedTexts _texts = new();

    /// <summary>The figures for docs/performance.md.</summary>
    [Fact]
    public void What_a_stored_response_costs_beside_its_content_is_less_than_is_counted_and_least_where_texts_are_shared()
    {
        var (apart, counted) = Measure(share: false);
        var (shared, _) = Measure(share: true);
        output.WriteLine($"measured {apart:F0} B each beside content, {shared:F0} B with shared texts, counted {counted} B");
        Assert.True(shared < apart * 0.8);
        Assert.InRange(apart, 0, counted * 1.1);
    }

    private (double Measured, long Counted) Measure(bool share)
    {
        using var store = new ResponseStore(new ResponseStoreOptions { MemoryBytes = 64 << 20 }, new FakeTimeProvider());
        var first = store.Statistics.MetadataBytes;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++) Put(store, $"http://www.example.org/images/{i:D8}.png", share);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(store);
        return ((after - before) / (double)Count, (store.Statistics.MetadataBytes - first) / Count);
    }

    private void Put(ResponseStore store, string uri, bool share)
    {
        using var writer = store.CreateContent(10);
        writer.GetMemory().Span[..10].Clear();
        writer.Advance(10);
        writer.Complete();
        var head = new ResponseHead(200, new FieldLines([.. Typical.Select(static line => new FieldLine(Fresh(line[..line.IndexOf(':', StringComparison.Ordinal)]), Fresh(line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..])))]), Fresh("OK"));
        var request = new RequestHead(Fresh("GET"), Fresh(uri), FieldLines.Of("Accept-Encoding: gzip"));
        if (share) (head, request) = (_texts.Of(head), _texts.Of(request, uri));
        var response = StoredResponse.Of(request, head, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, FreshnessOptions.Default);
        store.Put(uri, new StoredVariant(response, writer.Content, 0) { Membership = Membership.Of([], [], 0) }, static _ => true);
    }

    // As it comes from a connection: each text a new one.
    private static string Fresh(string text) => new(text.AsSpan());
}
