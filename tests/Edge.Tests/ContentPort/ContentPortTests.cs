using System.Net;
using Granary.Grains.Store;
using Granary.Language;
using Granary.Silo.Content;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>The content port as an edge, or anybody else, finds it on the network.</summary>
public sealed class ContentPortTests : IAsyncLifetime
{
    private const int Mi = 1 << 20;

    private SiloSide _silo = null!;

    public async Task InitializeAsync() => _silo = await SiloSide.Starts();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3 * Mi + 7)]
    public async Task Stored_content_is_answered_whole_with_its_length(int length)
    {
        var content = _silo.Store.Keeps(1, length);
        using var answer = await Asks(content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(length, answer.Content.Headers.ContentLength);
        Assert.Equal(Known.Bytes(1, 0, length), await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("?from=0", 0, 200_000)]
    [InlineData("?from=70000", 70_000, 130_000)]
    [InlineData("?from=70000&count=5", 70_000, 5)]
    [InlineData("?count=65537", 0, 65_537)]
    [InlineData("?from=199999&count=10", 199_999, 1)]
    [InlineData("?from=200000", 200_000, 0)]
    [InlineData("?from=3&count=0", 3, 0)]
    [InlineData("?from=3&count=9223372036854775807", 3, 199_997)]
    public async Task Only_the_bytes_asked_for_are_answered(string query, int from, int count)
    {
        using var answer = await Asks(_silo.Store.Keeps(2, 200_000), query);
        Assert.Equal(count, answer.Content.Headers.ContentLength);
        Assert.Equal(Known.Bytes(2, from, count), await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("?from=200001")]
    [InlineData("?from=9223372036854775807")]
    public async Task What_lies_past_the_end_is_not_found(string query)
    {
        using var answer = await Asks(_silo.Store.Keeps(2, 200_000), query);
        await IsNotFound(answer);
    }

    [Fact]
    public async Task What_was_let_go_is_not_found()
    {
        var content = _silo.Store.Keeps(3, 1000);
        Assert.True(_silo.Store.Removes(3));
        using var answer = await Asks(content);
        await IsNotFound(answer);
    }

    [Theory]
    [InlineData("content/x")]
    [InlineData("content/")]
    [InlineData("content/-5")]
    [InlineData("content/1/2")]
    [InlineData("content/99999999999999999999")]
    [InlineData("content/1?from=-1")]
    [InlineData("content/1?from=x")]
    [InlineData("content/1?from=1&count=99999999999999999999")]
    [InlineData("content/1?from=%2B1")]
    public async Task What_is_not_understood_is_refused(string target)
    {
        using var answer = await _silo.Http.GetAsync(new Uri($"{_silo.Url}{target}"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Without_the_key_of_the_silo_nothing_exists()
    {
        var content = _silo.Store.Keeps(4, 1000);
        var key = _silo.Url.AbsolutePath.Trim('/');
        var port = _silo.Url.Authority;
        string[] keys = [new('0', 32), key[..31], key + "0", key.ToUpperInvariant(), new string('0', 31) + key[^1], key[..31] + (key[^1] == '0' ? '1' : '0'), "", "é" + key[1..]];
        foreach (var wrong in keys.Where(other => other != key))
        {
            using var answer = await _silo.Http.GetAsync(new Uri($"http://{port}/{wrong}/content/{content.Id}"));
            await IsNotFound(answer);
        }

        foreach (var target in (string[])["", "content/" + content.Id, "ask", "health/live", "metrics"])
        {
            using var answer = await _silo.Http.GetAsync(new Uri($"http://{port}/{target}"));
            await IsNotFound(answer);
        }
    }

    [Fact]
    public async Task Only_on_its_own_port_it_answers_and_nothing_else_answers_there()
    {
        var content = _silo.Store.Keeps(5, 1000);
        Assert.Equal("other", await _silo.Http.GetStringAsync(new Uri(_silo.Other, $"{_silo.Url.AbsolutePath}content/{content.Id}")));
        using var answer = await _silo.Http.GetAsync(new Uri(_silo.Url, "anything"));
        await IsNotFound(answer);
    }

    [Fact]
    public async Task Other_questions_between_members_have_exact_paths_and_methods()
    {
        using var asked = await _silo.Http.PostAsync(new Uri($"{_silo.Url}ask"), null);
        Assert.Equal("answered", await asked.Content.ReadAsStringAsync());
        using var got = await _silo.Http.GetAsync(new Uri($"{_silo.Url}ask"));
        await IsNotFound(got);
        using var deeper = await _silo.Http.PostAsync(new Uri($"{_silo.Url}ask/more"), null);
        await IsNotFound(deeper);
        using var posted = await _silo.Http.PostAsync(new Uri(_silo.At(_silo.Store.Keeps(6, 10))), null);
        await IsNotFound(posted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(30)]
    public async Task Content_is_answered_while_it_arrives(int? declared)
    {
        using var writer = _silo.Store.CreateContent(declared);
        using var answer = await Asks(writer.Content).Soon();                 // the head is there before a byte is
        Assert.Equal(declared, answer.Content.Headers.ContentLength);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        for (var i = 0; i < 3; i++)
        {
            writer.Write(7, 10);
            var piece = new byte[10];
            await stream.ReadExactlyAsync(piece).AsTask().Soon();
            Assert.Equal(Known.Bytes(7, 10 * i, 10), piece);
        }

        writer.Complete();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    [Fact]
    public async Task A_reader_may_begin_where_nothing_has_arrived_yet()
    {
        using var writer = _silo.Store.CreateContent(200_000);
        writer.Write(8, 10);
        using var answer = await Asks(writer.Content, "?from=150000&count=20").Soon();
        Assert.Equal(20, answer.Content.Headers.ContentLength);
        writer.Write(8, 199_990);
        Assert.Equal(Known.Bytes(8, 150_000, 20), await answer.Content.ReadAsByteArrayAsync().Soon());
    }

    [Theory, Trait("Promise", "P4")]
    [InlineData(null, 20)]
    [InlineData(100, 20)]
    [InlineData(null, 0)]
    [InlineData(100, 0)]
    public async Task Content_that_breaks_ends_the_connection_visibly(int? declared, int sent)
    {
        using var writer = _silo.Store.CreateContent(declared);
        using var answer = await Asks(writer.Content).Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        writer.Write(9, sent);
        await stream.ReadExactlyAsync(new byte[sent]).AsTask().Soon();
        writer.Fail();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    [Fact, Trait("Promise", "P4")]
    public async Task Asked_for_from_beyond_what_turns_out_to_be_the_end_it_is_cut()
    {
        using var writer = _silo.Store.CreateContent(null);
        using var answer = await Asks(writer.Content, "?from=1000").Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        writer.Write(9, 10);
        writer.Complete();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    [Fact]
    public async Task Many_read_the_same_content_at_once_while_it_arrives()
    {
        using var writer = _silo.Store.CreateContent(2 * Mi);
        var heads = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Asks(writer.Content, $"?from={i * 1000}"))).Soon(); // a content that nobody keeps is gone for who comes after its end
        var readers = heads.Select(async (head, i) =>
        {
            using var answer = head;
            return await Known.Check(await answer.Content.ReadAsStreamAsync(), 10, i * 1000);
        }).ToList();
        for (var i = 0; i < 32; i++)
        {
            writer.Write(10, Mi / 16);
            await Task.Yield();
        }

        writer.Complete();
        var counts = await Task.WhenAll(readers).Soon();
        Assert.Equal(Enumerable.Range(0, 60).Select(i => 2L * Mi - i * 1000), counts);
    }

    [Fact]
    public async Task Connections_are_used_again()
    {
        var content = _silo.Store.Keeps(11, 100_000);
        for (var i = 0; i < 20; i++) Assert.Equal(100_000, (await _silo.Http.GetByteArrayAsync(new Uri(_silo.At(content)))).Length);
        Assert.Equal(1, _silo.Connections);
    }

    [Fact]
    public async Task When_the_client_leaves_its_reader_lets_go_at_once()
    {
        using var writer = _silo.Store.CreateWindowed(null);
        var gone = writer.ReadersGone;
        using (var answer = await Asks(writer.Content).Soon())
        {
            writer.Write(12, 10);
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[10]).AsTask().Soon();
        }

        await Known.Becomes(() => gone.IsCancellationRequested);
    }

    [Fact, Trait("Fault", "47"), Trait("Promise", "P7")]
    public async Task A_slow_reader_holds_the_writer_up_and_memory_stays_within_the_window()
    {
        const int length = 48 * Mi;
        using var writer = _silo.Store.CreateWindowed(length);
        using var client = await RawClient.Connects(_silo.Url, receives: 4096);
        await client.Sends($"GET {new Uri(_silo.At(writer.Content)).AbsolutePath} HTTP/1.1\r\nHost: silo\r\nConnection: close\r\n\r\n");
        Assert.Contains($"Content-Length: {length}", await client.ReadsHead(), StringComparison.Ordinal);
        var writing = writer.WriteAsync(13, length);
        var before = -1L;
        await Known.Becomes(() => writer.Content.Arrived == Interlocked.Exchange(ref before, writer.Content.Arrived) && writer.Content.Arrived > 0);
        Assert.False(writing.IsCompleted);
        Assert.InRange(_silo.Store.Statistics.ContentBytes, 1, 2 * (64 << 10));
        client.Resets();
        await Known.Becomes(() => writer.ReadersGone.IsCancellationRequested);
        await Assert.ThrowsAsync<IncompleteContentException>(() => writing.Soon());
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_for_many_minutes_is_let_go()
    {
        var content = _silo.Store.Keeps(14, 7 * Mi);
        using var client = await RawClient.Connects(_silo.Url, receives: 4096);
        await client.Sends($"GET {new Uri(_silo.At(content)).AbsolutePath} HTTP/1.1\r\nHost: silo\r\n\r\n");
        await client.ReadsHead();
        Assert.True(_silo.Store.Removes(14));
        Assert.Equal(1, _silo.Store.Statistics.Contents); // the reader holds it
        await Known.Becomes(() => _silo.Store.Statistics.Contents == 0, () => _silo.Clock.Advance(StallWatch.Period));
        Assert.InRange((await client.ReadsToEnd()).Length, 0, 7 * Mi - 1);
    }

    [Fact]
    public async Task A_reader_that_takes_a_little_now_and_then_is_not_cut()
    {
        using var writer = _silo.Store.CreateContent(null);
        using var answer = await Asks(writer.Content).Soon();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        for (var i = 0; i < 5; i++)
        {
            _silo.Clock.Advance(StallWatch.Period);                  // nothing has arrived meanwhile: that is not the reader's fault
            _silo.Clock.Advance(StallWatch.Period);
            writer.Write(15, 10);
            await stream.ReadExactlyAsync(new byte[10]).AsTask().Soon();
        }

        writer.Complete();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().Soon());
    }

    private Task<HttpResponseMessage> Asks(Content content, string query = "") =>
        _silo.Http.GetAsync(new Uri(_silo.At(content, query)), HttpCompletionOption.ResponseHeadersRead);

    private static async Task IsNotFound(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }
}
