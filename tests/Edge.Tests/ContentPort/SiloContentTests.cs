using System.Net;
using System.Net.Sockets;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Language;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>What clients of a stateless edge get of content that lies at silos.</summary>
public sealed class SiloContentTests : IAsyncLifetime, IDisposable
{
    private const int Mi = 1 << 20;
    private static readonly CacheStatus Hit = new() { Hit = true };
    private static readonly CacheStatus Fetched = new() { Stored = true };

    private SiloSide _silo = null!;
    private EdgeSide _edge = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        (_silo, _edge) = (await SiloSide.Starts(), await EdgeSide.Starts());
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _edge.Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _silo.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(5 * Mi + 3, true)]
    [InlineData(700_000, false)]
    public async Task Content_of_a_silo_is_delivered_whole(int length, bool lengthIsKnown)
    {
        var address = _silo.Address(_silo.Store.Keeps(1, length));
        Gets("/a", lengthIsKnown ? address : address with { Length = null });
        using var answer = await Asks("/a");
        Assert.Equal(lengthIsKnown ? length : null, answer.Content.Headers.ContentLength);
        Assert.Equal(length, await Known.Check(await answer.Content.ReadAsStreamAsync(), 1));
    }

    [Theory, Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "optimal")]
    [InlineData("bytes=500000-500009", "?from=500000&count=10", 500_000, 10)]
    [InlineData("bytes=-5", "?from=999995&count=5", 999_995, 5)]
    [InlineData("bytes=999000-", "?from=999000&count=1000", 999_000, 1000)]
    public async Task Of_a_range_only_the_bytes_wanted_are_asked_for(string range, string asked, int from, int count)
    {
        Gets("/a", _silo.Address(_silo.Store.Keeps(2, 1_000_000)));
        using var answer = await Asks("/a", ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(Known.Bytes(2, from, count), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal([asked], _silo.Asked);
    }

    [Fact, Trait("Spec", "RFC 9110 §14.6"), Trait("Kind", "optimal")]
    public async Task Several_ranges_are_asked_for_one_by_one()
    {
        Gets("/a", _silo.Address(_silo.Store.Keeps(2, 1_000_000)));
        using var answer = await Asks("/a", ("Range", "bytes=900000-900003, 7-9"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Content-Range: bytes 900000-900003/1000000", text, StringComparison.Ordinal);
        Assert.Contains("Content-Range: bytes 7-9/1000000", text, StringComparison.Ordinal);
        Assert.Equal(["?from=7&count=3", "?from=900000&count=4"], _silo.Asked.Order());
    }

    [Fact]
    public async Task Neither_HEAD_nor_304_nor_416_of_a_hit_asks_a_silo()
    {
        Gets("/a", _silo.Address(_silo.Store.Keeps(3, 1000)));
        using var head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/a"));
        Assert.Equal(1000, head.Content.Headers.ContentLength);
        using var notModified = await Asks("/a", ("If-None-Match", "\"v1\""));
        Assert.Equal(HttpStatusCode.NotModified, notModified.StatusCode);
        using var unsatisfiable = await Asks("/a", ("Range", "bytes=1000-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, unsatisfiable.StatusCode);
        Assert.Empty(_silo.Asked);
    }

    [Fact]
    public async Task A_silo_that_keeps_a_fetched_content_for_a_client_that_wants_none_of_it_is_told_so()
    {
        using var writer = _silo.Store.CreateWindowed(1000);
        var gone = writer.ReadersGone;
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using var answer = await Asks("/a", ("If-None-Match", "\"v1\""));
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        await Known.Becomes(() => gone.IsCancellationRequested);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60)]
    public async Task Content_is_delivered_while_it_arrives_at_the_silo(int? declared)
    {
        using var writer = _silo.Store.CreateContent(declared);
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using var answer = await Asks("/a").Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        for (var i = 0; i < 6; i++)
        {
            writer.Write(4, 10);
            var piece = new byte[10];
            await stream.ReadExactlyAsync(piece).AsTask().Soon();
            Assert.Equal(Known.Bytes(4, i * 10, 10), piece);
        }

        writer.Complete();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    [Fact]
    public async Task Connections_to_a_silo_are_used_again_whatever_the_framing()
    {
        Gets("/a", _silo.Address(_silo.Store.Keeps(5, 100_000)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Known.Bytes(5, 0, 100_000), await _client.GetByteArrayAsync("/a"));
            using var writer = _silo.Store.CreateContent(null);
            Gets("/b", _silo.Address(writer.Content), Fetched);
            using var answer = await Asks("/b").Soon();
            writer.Write(5, 1000);
            writer.Complete();
            Assert.Equal(Known.Bytes(5, 0, 1000), await answer.Content.ReadAsByteArrayAsync().Soon());
        }

        Assert.Equal(1, _silo.Connections);
    }

    [Fact]
    public async Task Gone_content_and_silos_that_are_away_make_the_edge_look_up_again()
    {
        var content = _silo.Store.Keeps(6, 1000);
        var address = _silo.Address(content);
        Gets("/other-length", address with { Length = 999 });
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/other-length"));
        Gets("/wrong-key", address with { Endpoint = address.Endpoint![..^1] + (address.Endpoint[^1] == 'a' ? 'b' : 'a') });
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/wrong-key"));
        Gets("/a", address);
        _silo.Store.Removes(6);
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/a"));
        await _silo.Stops();
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/a"));
    }

    [Fact, Trait("Fault", "2")]
    public async Task A_silo_that_takes_the_question_and_says_nothing_counts_as_gone_after_a_second()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        Gets("/a", new ContentAddress(1, 1000, $"{frozen.LocalEndpoint}/{new string('0', 32)}"));
        var answer = _client.GetStringAsync("/a");
        using var asked = await frozen.AcceptTcpClientAsync();
        await asked.GetStream().ReadExactlyAsync(new byte[10]).AsTask().Soon();
        Assert.False(answer.IsCompleted);
        await Known.Becomes(() => answer.IsCompleted, () => _edge.Clock.Advance(TimeSpan.FromMilliseconds(500)));
        Assert.Equal(EdgeSide.LooksUpAgain, await answer);
    }

    [Theory, Trait("Promise", "P4")]
    [InlineData(null, 0)]
    [InlineData(null, 70_000)]
    [InlineData(100_000, 0)]
    [InlineData(100_000, 70_000)]
    public async Task Content_that_breaks_at_the_silo_is_cut_for_the_client(int? declared, int sent)
    {
        using var writer = _silo.Store.CreateContent(declared);
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using var answer = await Asks("/a").Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        writer.Write(7, sent);
        await stream.ReadExactlyAsync(new byte[sent]).AsTask().Soon();
        writer.Fail();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    [Theory, Trait("Promise", "P4"), Trait("Fault", "1")]
    [InlineData("Content-Length: 1000", "cat", true)]
    [InlineData("Transfer-Encoding: chunked", "3\r\ncat\r\n", true)]
    [InlineData("Transfer-Encoding: chunked", "3\r\ncat\r\n0\r\n\r\n", true)]       // whole for HTTP, too little for what was answered
    [InlineData("Transfer-Encoding: chunked", "4\r\ncat\r\n0\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: chunked", "3\r\ncat\r\n0\r\n\r\n", false)]
    public async Task Whatever_a_silo_does_the_client_never_gets_less_that_looks_whole(string framing, string bytes, bool lengthIsKnown)
    {
        using var strange = new TcpListener(IPAddress.Loopback, 0);
        strange.Start();
        Gets("/a", new ContentAddress(1, lengthIsKnown ? 1000 : null, $"{strange.LocalEndpoint}/{new string('0', 32)}"));
        var answer = _client.GetByteArrayAsync("/a");
        using (var asked = await strange.AcceptTcpClientAsync())
        {
            await Question(asked.GetStream()).Soon();
            await asked.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{bytes}"));
        }

        if (lengthIsKnown) await Assert.ThrowsAsync<HttpRequestException>(() => answer.Soon());
        else Assert.Equal("cat"u8.ToArray(), await answer.Soon());
    }

    [Fact, Trait("Fault", "2"), Trait("Promise", "P4")]
    public async Task A_silo_that_falls_silent_is_waited_for_as_long_as_an_origin_may_be_and_then_the_client_is_cut()
    {
        using var writer = _silo.Store.CreateContent(100);
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using var answer = await Asks("/a").Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        writer.Write(8, 10);
        await stream.ReadExactlyAsync(new byte[10]).AsTask().Soon();
        _edge.Clock.Advance(TimeSpan.FromSeconds(60));
        writer.Write(8, 10);
        await stream.ReadExactlyAsync(new byte[10]).AsTask().Soon();
        var more = stream.ReadAsync(new byte[1]).AsTask();
        await Known.Becomes(() => more.IsCompleted, () => _edge.Clock.Advance(TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAnyAsync<IOException>(() => more);
    }

    [Fact]
    public async Task When_the_client_leaves_the_silo_lets_go_at_once()
    {
        using var writer = _silo.Store.CreateWindowed(null);
        var gone = writer.ReadersGone;
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using (var answer = await Asks("/a").Soon())
        {
            writer.Write(9, 10);
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[10]).AsTask().Soon();
        }

        await Known.Becomes(() => gone.IsCancellationRequested);
    }

    [Theory, Trait("Fault", "47"), Trait("Promise", "P7")]
    [InlineData(null)]
    [InlineData(40 * Mi)]
    public async Task A_slow_client_holds_the_silos_writer_up_and_gets_every_byte_in_the_end(int? declared)
    {
        const int length = 40 * Mi;
        using var writer = _silo.Store.CreateWindowed(declared);
        Gets("/a", _silo.Address(writer.Content), Fetched);
        using var answer = await Asks("/a").Soon();
        var writing = Write(writer, length);
        var before = -1L;
        await Known.Becomes(() => writer.Content.Arrived == Interlocked.Exchange(ref before, writer.Content.Arrived) && writer.Content.Arrived > 0);
        Assert.False(writing.IsCompleted);
        Assert.InRange(_silo.Store.Statistics.ContentBytes, 1, 2 * (64 << 10));
        Assert.Equal(length, await Known.Check(await answer.Content.ReadAsStreamAsync(), 10).Soon());
        await writing.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_clients_get_every_byte(bool http2)
    {
        Gets("/a", _silo.Address(_silo.Store.Keeps(11, 3 * Mi)));
        var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(http2 ? _edge.Http2 : _edge.Url, "/a"));
            if (http2) (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            request.Headers.TryAddWithoutValidation("Range", $"bytes={i * 1000}-");
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return await Known.Check(await answer.Content.ReadAsStreamAsync(), 11, i * 1000);
        })).Soon();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => 3L * Mi - i * 1000), all);
    }

    [Fact, Trait("Promise", "P4")]
    public async Task Content_that_broke_before_it_began_is_an_error_of_the_origin_and_nothing_to_look_up_again()
    {
        using var strange = new TcpListener(IPAddress.Loopback, 0);
        strange.Start();
        Gets("/a", new ContentAddress(1, 1000, $"{strange.LocalEndpoint}/{new string('0', 32)}"));
        var answer = Asks("/a");
        using var asked = await strange.AcceptTcpClientAsync();
        await Question(asked.GetStream()).Soon();
        await asked.GetStream().WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var error = await answer.Soon();
        Assert.Equal(HttpStatusCode.BadGateway, error.StatusCode);
        Assert.False(error.Headers.Contains("ETag"));
    }

    [Fact]
    public async Task What_lies_in_many_pieces_at_several_silos_is_put_together()
    {
        await using var other = await SiloSide.Starts();
        const int size = 100_000;
        var pieces = Enumerable.Range(0, 20).Select(i => new Piece(i * size, Part(i % 2 == 0 ? _silo : other, i))).ToArray();
        _edge.Gets("/a", new Answer.ServeParts(Head(20 * size), [.. pieces], 20 * size, TimeSpan.Zero, Hit));
        using var answer = await Asks("/a");
        Assert.Equal(20 * size, await Known.Check(await answer.Content.ReadAsStreamAsync(), 12));
        using var range = await Asks("/a", ("Range", $"bytes={size - 3}-{size + 2}"));
        Assert.Equal(Known.Bytes(12, size - 3, 6), await range.Content.ReadAsByteArrayAsync());
        other.Store.Removes(101);
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/a"));

        ContentAddress Part(SiloSide silo, int i) => silo.Address(silo.Store.Keeps(100 + i, size, from: i * size, seed: 12));
    }

    private void Gets(string path, ContentAddress content, CacheStatus? status = null) =>
        _edge.Gets(path, new Answer.Serve(Head(content.Length), content, TimeSpan.Zero, status ?? Hit));

    private static ResponseHead Head(long? length) =>
        new(200, length is { } known ? FieldLines.Of("ETag: \"v1\"", $"Content-Length: {known}") : FieldLines.Of("ETag: \"v1\""));

    private Task<HttpResponseMessage> Asks(string path, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in fields) request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task Question(NetworkStream stream)
    {
        using var lines = new StreamReader(stream, leaveOpen: true);
        while (await lines.ReadLineAsync() is { Length: > 0 })
        {
        }
    }

    private static async Task Write(ContentWriter writer, int length)
    {
        await writer.WriteAsync(10, length);
        writer.Complete();
    }
}
