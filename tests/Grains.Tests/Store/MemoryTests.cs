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
    private const int Count = 16_000;

    private const int Before = 5000;

    private static readonly string[] Typical =
    [
        "Date: Mon, 05 Jan 2026 12:00:00 GMT", "Cache-Control: max-age=3600", "Content-Type: text/plain", "Server: nginx/1.24.0", "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "ETag: \"5f3c-60e1\"",
        "Accept-Ranges: bytes", "Vary: Accept-Encoding", "Content-Length: 1000", "X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=31536000", "X-Request-Id: 7d1f0a52-33c1",
    ];

    private readonly SharedTexts _texts = new();

    /// <summary>The figures for docs/performance.md: alone in its process, since others allocate as well. Counted is not less than there is, whatever others do.</summary>
    [Fact]
    public void What_a_stored_response_costs_beside_its_content_is_counted()
    {
        var (apart, counted) = Measure(share: false, differ: false);
        var (shared, same) = Measure(share: true, differ: false);
        var (differing, most) = Measure(share: true, differ: true);
        output.WriteLine($"measured {apart:F0} B each beside content, {shared:F0} B with shared texts, counted {same} B; {differing:F0} B where Date, ETag and Last-Modified differ, counted {most} B");
        Assert.InRange(counted, 500, 1300);
        Assert.InRange(same, 500, 1200);
        Assert.InRange(most, same, 1200);
    }

    [Fact]
    public void Texts_are_kept_once_for_all_responses_that_have_them_but_for_those_few_that_take_each_others_place()
    {
        var (one, other) = (_texts.Of(Fetched("http://example.org/1").Head).Fields, _texts.Of(Fetched("http://example.org/2").Head).Fields);
        Assert.Equal(one, other);
        Assert.InRange(Enumerable.Range(0, Typical.Length).Count(i => ReferenceEquals(one[i].Name, other[i].Name) && ReferenceEquals(one[i].Value, other[i].Value)), Typical.Length - 4, Typical.Length);
    }

    [Fact]
    public void A_text_that_is_too_long_to_be_many_is_not_kept()
    {
        var head = new ResponseHead(200, new FieldLines([new FieldLine("X", new string('x', 129))]));
        _texts.Of(head);
        var again = new ResponseHead(200, new FieldLines([new FieldLine("X", new string('x', 129))]));
        Assert.Same(again.Fields[0].Value, _texts.Of(again).Fields[0].Value);
    }

    // Heads that were read last stay read, some thousand of them in the whole process: those come first.
    private (double Measured, long Counted) Measure(bool share, bool differ)
    {
        using var store = new ResponseStore(new ResponseStoreOptions { MemoryBytes = 64 << 20 }, new FakeTimeProvider());
        for (var i = 0; i < Before; i++) Put(store, i, share, differ);
        var first = store.Statistics.MetadataBytes;
        var before = GC.GetTotalMemory(forceFullCollection: true) - Blocks(store);
        for (var i = Before; i < Before + Count; i++) Put(store, i, share, differ);
        var after = GC.GetTotalMemory(forceFullCollection: true) - Blocks(store);
        GC.KeepAlive(store);
        return ((after - before) / (double)Count, (store.Statistics.MetadataBytes - first) / Count);
    }

    // Memory of contents, used or not.
    private static long Blocks(ResponseStore store) => store.Statistics.Bytes - store.Statistics.MetadataBytes;

    private void Put(ResponseStore store, int i, bool share, bool differ)
    {
        var uri = $"http://www.example.org/images/{i:D8}.png";
        using var writer = store.CreateContent(10);
        writer.GetMemory().Span[..10].Clear();
        writer.Advance(10);
        writer.Complete();
        var (request, head) = Fetched(uri);
        if (differ) head = head with { Fields = head.Fields.With("Date", Day(i)).With("Last-Modified", Day(i - 100_000)).With("ETag", $"\"5f3c-{i:x6}\"") };
        if (share) (head, request) = (_texts.Of(head), _texts.Of(request, uri));
        var response = StoredResponse.Of(request, head, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, FreshnessOptions.Default);
        store.Put(uri, new StoredVariant(response, writer.Content, 0) { Membership = Membership.Of([], [], 0) }, static _ => true);
    }

    private static string Day(int i) => HttpDate.Format(DateTimeOffset.UnixEpoch.AddDays(10_000).AddSeconds(i));

    private static (RequestHead Request, ResponseHead Head) Fetched(string uri) => (
        new RequestHead(Fresh("GET"), Fresh(uri), FieldLines.Of("Accept-Encoding: gzip")),
        new ResponseHead(200, new FieldLines([.. Typical.Select(static line => new FieldLine(Fresh(line[..line.IndexOf(':', StringComparison.Ordinal)]), Fresh(line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..])))]), Fresh("OK")));

    // As it comes from a connection: each text a new one.
    private static string Fresh(string text) => new(text.AsSpan());
}
