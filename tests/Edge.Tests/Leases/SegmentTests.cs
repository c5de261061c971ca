using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Granary.Edge.Leases.Segments;
using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Copies;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Language;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Tests.Leases;

/// <summary>A content too large to be leased whole is delivered from segments; the silo that has it is asked for each once.</summary>
[Trait("Promise", "P4")]
public sealed class SegmentTests : IAsyncLifetime
{
    private const int Length = 3_000_000;
    private const int Segment = 256 << 10;
    private const int Large = 16 << 20;

    private readonly List<HttpClient> _clients = [];
    private SiloSide _silo = null!;
    private EdgeSide _edge = null!;

    public async Task InitializeAsync()
    {
        _silo = await SiloSide.Starts(memory: 256 << 20);
        _edge = await EdgeSide.Starts(leases: 64 << 20);
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _edge.DisposeAsync();
        await _silo.DisposeAsync();
    }

    [Fact]
    public async Task A_hot_content_is_sent_by_its_silo_once_however_often_it_is_delivered()
    {
        Leases("/a", Keeps(1));
        for (var i = 0; i < 20; i++) await Gets("/a", 1, 0, Length);
        Assert.Equal(Segments(Length), Filled());
        Assert.Single(_silo.Asked, static query => query.Contains("hold", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crowd_that_comes_at_once_has_each_segment_sent_once()
    {
        Leases("/a", Keeps(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Gets("/a", 1, 0, Length)));
        Assert.Equal(Segments(Length), Filled());
    }

    [Fact, Trait("Spec", "RFC 9110 §14.2")]
    public async Task Ranges_over_the_borders_of_what_is_here_and_what_is_not_are_put_together_rightly()
    {
        Leases("/a", Keeps(1));
        await Gets("/a", 1, Segment + 100, 10);
        Assert.Equal(1, Filled());
        foreach (var (from, count) in new[] { (Segment - 1, 2), (Segment * 2 - 5, 10), (0, 1), (Length - 1, 1), (Segment, Segment), (Segment * 3 + 7, Segment * 4), (100, Length - 200) })
            await Gets("/a", 1, from, count);
        await Gets("/a", 1, 0, Length);
        Assert.Equal(Segments(Length), Filled());
    }

    [Fact, Trait("Spec", "RFC 9110 §15.3.7.2")]
    public async Task Several_ranges_come_in_parts()
    {
        Leases("/a", Keeps(1));
        using var answer = await Asks("/a", static request => request.Headers.Range = new RangeHeaderValue { Ranges = { new(10, 19), new(Segment - 5, Segment + 4), new(Length - 3, null) } });
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        var content = await answer.Content.ReadAsByteArrayAsync().Soon();
        foreach (var (from, count) in new[] { (10, 10), (Segment - 5, 10), (Length - 3, 3) })
            Assert.True(content.AsSpan().IndexOf(Known.Bytes(1, from, count)) > 0);
    }

    [Theory]
    [InlineData("HEAD", null, null, 200)]
    [InlineData("GET", "If-None-Match", "\"v1\"", 304)]
    [InlineData("GET", "Range", "bytes=90000000-", 416)]
    public async Task What_needs_no_content_asks_nothing_of_the_silo(string method, string? name, string? value, int status)
    {
        Leases("/a", Keeps(1));
        using var answer = await Asks("/a", request =>
        {
            request.Method = new HttpMethod(method);
            if (name is not null) request.Headers.TryAddWithoutValidation(name, value);
        });
        Assert.Equal(status, (int)answer.StatusCode);
        if (method == "HEAD") Assert.Equal(Length, answer.Content.Headers.ContentLength);
        Assert.Empty(_silo.Asked);
    }

    [Fact, Trait("Spec", "RFC 9110 §13.1.5")]
    public async Task If_Range_gives_a_part_of_this_version_and_the_whole_of_it_to_who_has_another()
    {
        Leases("/a", Keeps(1));
        using var same = await Asks("/a", static request => (request.Headers.Range, request.Headers.IfRange) = (new(5, 9), new("\"v1\"")));
        Assert.Equal(Known.Bytes(1, 5, 5), await same.Content.ReadAsByteArrayAsync().Soon());
        using var other = await Asks("/a", static request => (request.Headers.Range, request.Headers.IfRange) = (new(5, 9), new("\"v0\"")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(Length, await Known.Check(await other.Content.ReadAsStreamAsync(), 1).Soon());
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_response_that_is_purged_while_it_is_sent_is_sent_to_its_end_and_not_to_anybody_after()
    {
        Leases("/a", Keeps(1, Large));
        using var answer = await Asks("/a");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.True(_silo.Store.Removes(1));
        for (var round = 0; round < 2; round++) _edge.Segments.Tidy(); // nothing stored has it any more
        Assert.True(Filled() < Segments(Large));
        Assert.Equal(Large, await Known.Check(stream, 1).Soon());
        await Known.Becomes(() => _silo.Store.Statistics.ContentBytes == 0); // nobody keeps it any more
        using var next = await Asks("/a");
        Assert.Equal(EdgeSide.LooksUpAgain, await next.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Segments_that_are_evicted_while_a_client_reads_are_read_again()
    {
        var content = Leases("/a", Keeps(1, Large));
        await Gets("/a", 1, 0, Large);
        using var answer = await Asks("/a");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.True(_edge.Segments.AreHere(content, 0, Large));
        for (var i = 0L; i < Segments(Large); i++) _edge.Store.Remove(content.KeyOf(i));
        Assert.Equal(Large, await Known.Check(stream, 1).Soon());
        Assert.InRange(Filled(), Segments(Large) + 1, 2 * Segments(Large));
    }

    [Fact]
    public async Task No_answer_has_bytes_of_two_versions_when_a_response_is_replaced_while_it_is_read()
    {
        Leases("/a", Keeps(1, Large));
        using var first = await Asks("/a");
        await using var stream = await first.Content.ReadAsStreamAsync();
        Leases("/a", Keeps(2, Large));
        await Gets("/a", 2, Segment - 10, Segment);
        await Gets("/a", 2, 0, Large);
        Assert.Equal(Large, await Known.Check(stream, 1).Soon());
    }

    [Fact]
    public async Task What_breaks_at_the_silo_is_cut_for_the_client_and_not_kept()
    {
        var content = Leases("/a", Keeps(1, Large));
        using var answer = await Asks("/a");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await _silo.Stops();
        _silo.Store.Dispose();
        await Assert.ThrowsAnyAsync<IOException>(() => Known.Check(stream, 1).Soon());
        Assert.False(_edge.Segments.AreHere(content, 0, Large));
    }

    [Fact]
    public async Task What_is_gone_at_the_silo_before_the_head_is_looked_up_again()
    {
        var content = Leases("/a", Keeps(1));
        await Gets("/a", 1, 0, 10);
        Assert.True(_silo.Store.Removes(1));
        await Gets("/a", 1, 5, 100); // here
        using var answer = await Asks("/a");
        Assert.Equal(EdgeSide.LooksUpAgain, await answer.Content.ReadAsStringAsync());
        Assert.Null(_edge.Segments.Of(content.At));
    }

    [Fact, Trait("Promise", "P7")]
    public async Task More_than_the_edge_has_room_for_passes_through_it_within_its_budget()
    {
        await using var small = await EdgeSide.Starts(leases: 4 << 20);
        Leases("/a", Keeps(1, Large), small);
        for (var i = 0; i < 3; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Gets("/a", 1, 0, Large, small)));
            Assert.InRange(small.Store.Statistics.Bytes, 0, 4 << 20);
        }

        Assert.True(small.Store.Statistics.Evictions > 0);
    }

    [Fact, Trait("Promise", "P3")]
    public async Task With_no_room_at_all_clients_get_it_all_the_same()
    {
        await using var small = await EdgeSide.Starts(leases: 1 << 20);
        var readers = new List<ContentReader>();
        for (var i = 0; small.Store.Statistics.Bytes < 800_000; i++) readers.Add(small.Store.Keeps(100 + i, 60_000).TryOpenReader()!); // what is read is not evicted
        Leases("/a", Keeps(1), small);
        await Gets("/a", 1, 0, Length, small);
        await Gets("/a", 1, Segment - 5, Segment, small);
        foreach (var reader in readers) reader.Dispose();
    }

    private static long Segments(long length) => (length + Segment - 1) / Segment;

    private Content Keeps(int seed, int length = Length) => _silo.Store.Keeps(seed, length);

    /// <summary>The head is leased, as the owner would have granted it.</summary>
    private LeasedContent Leases(string path, Content content, EdgeSide? edge = null)
    {
        var head = new ResponseHead(200, FieldLines.Of("Content-Type: application/octet-stream", "ETag: \"v1\"", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}")));
        var address = _silo.Address(content);
        (edge ?? _edge).Gets(path, new Answer.Serve(head, address, TimeSpan.Zero, new CacheStatus { Hit = true }));
        return (edge ?? _edge).Segments.Take("http://example.org" + path, address, new CopySource(content.Id, _silo.Endpoint));
    }

    private int Filled() => _silo.Asked.Count(static query => query.Contains("count", StringComparison.Ordinal));

    private async Task Gets(string path, int seed, long from, long count, EdgeSide? edge = null)
    {
        using var answer = await Asks(path, request => request.Headers.Range = new RangeHeaderValue(from, from + count - 1), edge);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(count, await Known.Check(await answer.Content.ReadAsStreamAsync(), seed, from).Soon());
    }

    private async Task<HttpResponseMessage> Asks(string path, Action<HttpRequestMessage>? with = null, EdgeSide? edge = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        lock (_clients) _clients.Add(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((edge ?? _edge).Url, path));
        with?.Invoke(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
    }
}
