using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Tests.Copies;

namespace Granary.Grains.Tests.Members;

/// <summary>What a silo answers an edge that does not get through to the owner of a URI.</summary>
public sealed class StandInTests : IDisposable
{
    private const string Uri = "http://example.org/";
    private const string FromOrigin = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: max-age=60\r\n\r\nnew!";

    private readonly Cluster _cluster = new("a", "b", "c");
    private readonly Copies.Silo _owner, _standIn;
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    public StandInTests()
    {
        (_owner, _standIn) = (_cluster.Ranked(Uri)[0], _cluster.Ranked(Uri)[1]);
        _cluster.Origin.Answers(FromOrigin);
    }

    public void Dispose()
    {
        _hangs.TrySetResult();
        _cluster.Dispose();
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Given_a_copy_then_the_owner_is_not_asked()
    {
        _owner.Stores(Uri, "logo");
        _standIn.Stores(Uri, "logo");
        Counts("Ask");

        Assert.True((await Served(_standIn)).Status.Hit);

        Assert.Equal(0, _asked);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Given_no_copy_and_an_owner_that_lives_then_the_owner_answers()
    {
        _owner.Stores(Uri, new string('x', 100_000));

        var served = await Served(_standIn);

        Assert.StartsWith(_owner.Name + ":", served.Content.Endpoint, StringComparison.Ordinal);
        Assert.Empty(_cluster.Origin.Requests);
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Given_nothing_is_stored_and_the_owner_lives_then_the_owner_fetches_and_not_the_stand_in()
    {
        await Served(_standIn);

        Assert.Single(_cluster.Origin.Requests);
        Assert.True(_owner.Has(Uri));
        Assert.False(_standIn.Has(Uri));
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Given_the_owner_is_dead_then_it_fetches_and_keeps_what_it_fetched()
    {
        _cluster.Dead.Add(_owner);

        await Served(_standIn);

        Assert.Single(_cluster.Origin.Requests);
        Assert.True(_standIn.Has(Uri));
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Given_it_is_the_owner_itself_then_it_decides_and_asks_nobody_to()
    {
        Counts("Ask");

        await Served(_owner);

        Assert.Equal(0, _asked);
        Assert.True(_owner.Has(Uri));
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Given_the_owner_is_frozen_then_it_fetches_after_a_moment()
    {
        Hangs(_owner, "Ask", "Describe", "Find");

        await Served(_standIn);

        Assert.Single(_cluster.Origin.Requests);
        Assert.True(_standIn.Has(Uri));
    }

    [Fact, Trait("Promise", "P1")]
    public async Task Given_the_owner_has_much_to_do_but_says_that_it_lives_then_it_is_waited_for()
    {
        Hangs(_owner, "Ask");

        await Served(_standIn, hangsFor: TimeSpan.FromSeconds(3));

        Assert.Single(_cluster.Origin.Requests);
        Assert.False(_standIn.Has(Uri));
    }

    private void Counts(string what) => _cluster.Meets = step =>
    {
        if (step.What == what) _asked++;
        return Task.CompletedTask;
    };

    private void Hangs(Copies.Silo silo, params string[] whats) => _cluster.Meets = step =>
        step.At == silo && whats.Contains(step.What) ? _hangs.Task : Task.CompletedTask;

    /// <summary>Asks as an edge does: again while the answer is pending. Time passes while somebody is waited for, not during a fetch.</summary>
    private async Task<Answer.Serve> Served(Copies.Silo silo, TimeSpan? hangsFor = null)
    {
        var (question, end) = (silo.Question(Uri) with { WantsPulse = true }, _cluster.Clock.GetUtcNow() + hangsFor);
        while (true)
        {
            var asking = silo.The<StandIn>().Ask(Uri, question);
            while (await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System)) != asking)
            {
                if (_hangs.Task.IsCompleted || IsFetched) continue;
                _cluster.Passes(TimeSpan.FromMilliseconds(50));
                if (_cluster.Clock.GetUtcNow() > end) _hangs.SetResult();
            }

            if (await asking is not Answer.Pending pending) return Assert.IsType<Answer.Serve>(await asking);
            question = question with { Pending = pending.Id };
        }
    }

    private bool IsFetched => _cluster.Members.Any(static silo => !silo.The<FetchesUnderWay>().Of(Uri).IsEmpty);
}
