using Granary.Grains.Copies;
using Granary.Grains.Resources;

namespace Granary.Grains.Tests.Copies;

public sealed class BringingTests : IDisposable
{
    private const string FromOrigin = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: max-age=60\r\n\r\nnew!";

    private readonly Cluster _cluster = new("a", "b");
    private int _questions;

    public void Dispose() => _cluster.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(200_000)]
    public async Task Given_a_silo_that_joined_when_it_is_asked_for_what_the_owner_before_has_then_the_origin_is_not_asked(int length)
    {
        var content = new string('x', length);
        var (uri, before) = UriThatMovesTo("joined", before => before);
        before.Stores(uri, content);
        var joined = _cluster.Joins("joined");

        Assert.IsType<Answer.Serve>(await joined.Asks(uri));

        await IsOver(joined, uri);
        Assert.Equal(content, joined.Content(uri));
        Assert.Empty(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_a_small_response_that_another_silo_has_then_it_is_a_hit()
    {
        var (uri, before) = UriThatMovesTo("joined", before => before);
        before.Stores(uri, "logo");

        var served = Assert.IsType<Answer.Serve>(await _cluster.Joins("joined").Asks(uri));

        Assert.True(served.Status.Hit);
    }

    [Fact]
    public async Task Given_two_silos_that_joined_together_then_the_owner_before_is_found_behind_the_other()
    {
        var uri = Enumerable.Range(0, 10_000).Select(static i => $"http://example.org/{i}").First(static uri =>
            Grains.Placement.Rendezvous.Rank(uri, ["a", "b", "c", "d"], static name => name) is ["c", "d", ..]);
        _cluster.Ranked(uri)[0].Stores(uri, "logo");
        var (c, _) = (_cluster.Joins("c"), _cluster.Joins("d"));

        Assert.IsType<Answer.Serve>(await c.Asks(uri));

        Assert.Empty(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_nobody_has_it_then_one_silo_is_asked_once_and_then_the_origin()
    {
        _cluster.Origin.Answers(FromOrigin);
        CountQuestions();
        var owner = _cluster.Ranked("http://example.org/")[0];

        Assert.IsType<Answer.Serve>(await owner.Asks("http://example.org/"));

        Assert.Equal(1, _questions);
        Assert.Single(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_many_ask_at_the_same_time_then_there_is_one_question_and_all_are_answered()
    {
        var (uri, before) = UriThatMovesTo("joined", before => before);
        before.Stores(uri, "logo");
        var joined = _cluster.Joins("joined");
        var allAsk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CountQuestions(allAsk.Task, except: before == _cluster["a"] ? _cluster["b"] : _cluster["a"]);

        var asking = Enumerable.Range(0, 50).Select(_ => joined.Asks(uri)).ToList();
        allAsk.SetResult();

        Assert.All(await Task.WhenAll(asking), static answer => Assert.IsType<Answer.Serve>(answer));
        Assert.Equal(1, _questions);
        Assert.Empty(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_a_URL_that_is_remembered_as_not_storable_then_nobody_is_asked()
    {
        var owner = _cluster.Ranked("http://example.org/")[0];
        owner.The<PassMemory>().Remember("http://example.org/", authorized: false);
        CountQuestions();

        Assert.IsType<Answer.Pass>(await owner.Asks("http://example.org/"));

        Assert.Equal(0, _questions);
    }

    [Fact]
    public async Task Given_a_URL_that_was_invalidated_a_moment_ago_then_nobody_is_asked()
    {
        _cluster.Origin.Answers(FromOrigin);
        var owner = _cluster.Ranked("http://example.org/")[0];
        await owner.The<Invalidations>().Tell("http://example.org/");
        CountQuestions();

        Assert.IsType<Answer.Serve>(await owner.Asks("http://example.org/"));

        Assert.Equal(0, _questions);
    }

    [Fact]
    public async Task Given_the_other_silo_is_dead_then_the_origin_is_asked()
    {
        _cluster.Origin.Answers(FromOrigin);
        var ranked = _cluster.Ranked("http://example.org/");
        _cluster.Dead.Add(ranked[1]);

        Assert.IsType<Answer.Serve>(await ranked[0].Asks("http://example.org/"));

        Assert.Single(_cluster.Origin.Requests);
    }

    [Fact]
    public async Task Given_the_other_silo_hangs_then_the_origin_is_asked_after_a_moment_and_the_silo_is_left_alone_for_a_while()
    {
        _cluster.Origin.Answers(FromOrigin, FromOrigin);
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Meets = step =>
        {
            if (step.What != "Find") return Task.CompletedTask;
            _questions++;
            asked.TrySetResult();
            return hung.Task;
        };
        var uri = "http://example.org/";
        var owner = _cluster.Ranked(uri)[0];

        var answer = owner.Asks(uri);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System)) != answer) _cluster.Passes(TimeSpan.FromMilliseconds(100));

        Assert.IsType<Answer.Serve>(await answer);
        owner.Store.Remove(uri);
        Assert.IsType<Answer.Serve>(await owner.Asks(uri)); // at once
        Assert.Equal(1, _questions);
        hung.SetResult();
    }

    [Fact]
    public async Task Given_the_other_silo_dies_while_a_content_is_brought_then_what_came_is_not_taken_for_the_whole()
    {
        var (uri, before) = UriThatMovesTo("joined", before => before);
        var (_, writer) = before.Receives(uri, 100_000);
        writer.WriteText(new string('x', 50_000));
        var joined = _cluster.Joins("joined");

        Assert.IsType<Answer.Serve>(await joined.Asks(uri));
        using var reader = Assert.Single(joined.Store.Peek(uri)).Content.TryOpenReader()!;
        writer.Fail();

        await Assert.ThrowsAsync<Grains.Store.IncompleteContentException>(async () =>
        {
            while (await reader.ReadAsync() is { IsEmpty: false } bytes) reader.Advance(bytes.Length);
        });
        Assert.False(joined.Has(uri));
    }

    [Fact, Trait("Spec", "RFC 9111 §3.3"), Trait("Kind", "check")]
    public async Task Given_parts_that_another_silo_has_then_ranges_of_them_are_answered_without_the_origin()
    {
        var (uri, before) = UriThatMovesTo("joined", before => before);
        var whole = before.Stores(uri, new string('x', 1000));
        before.Store.Remove(uri, whole);
        StoresPart(before, uri, whole, 1000, 4000);
        var joined = _cluster.Joins("joined");

        var served = Assert.IsType<Answer.ServeParts>(await joined.Asks(uri, "Range: bytes=1000-1999"));

        Assert.Equal(4000, served.CompleteLength);
        Assert.Empty(_cluster.Origin.Requests);
    }

    private static void StoresPart(Silo silo, string uri, Grains.Store.StoredVariant like, long first, long complete)
    {
        using var writer = silo.Store.CreateContent(1000);
        var part = new Grains.Store.StoredVariant(like.Response, writer.Content, like.ReceivedTimestamp) { Part = new Grains.Store.PartPosition(first, complete) };
        silo.Store.Put(uri, part, static _ => false);
        writer.WriteText(new string('x', 1000));
        writer.Complete();
    }

    /// <summary>A URI that the new silo will own, and who owns it before.</summary>
    private (string Uri, Silo Before) UriThatMovesTo(string name, Func<Silo, Silo> before)
    {
        var uri = Enumerable.Range(0, 10_000).Select(static i => $"http://example.org/{i}").First(uri =>
            Grains.Placement.Rendezvous.Rank(uri, ["a", "b", name], static name => name)[0] == name);
        return (uri, before(_cluster.Ranked(uri)[0]));
    }

    private void CountQuestions(Task? until = null, Silo? except = null) => _cluster.Meets = step =>
    {
        if (step.What != "Find") return Task.CompletedTask;
        if (step.At != except) Interlocked.Increment(ref _questions);
        return until ?? Task.CompletedTask;
    };

    private static async Task IsOver(Silo silo, string uri)
    {
        using var reader = Assert.Single(silo.Store.Peek(uri)).Content.TryOpenReader()!;
        while (await reader.ReadAsync() is { IsEmpty: false } bytes) reader.Advance(bytes.Length);
    }
}
