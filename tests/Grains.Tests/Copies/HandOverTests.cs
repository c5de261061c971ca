using Granary.Grains.Copies;

namespace Granary.Grains.Tests.Copies;

public sealed class HandOverTests : IDisposable
{
    private readonly Cluster _cluster = new("a", "b", "c");

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Given_a_silo_that_leaves_then_all_that_it_keeps_is_with_those_who_own_it_next()
    {
        var leaving = _cluster["a"];
        var uris = UrisOf(leaving, 300);
        foreach (var uri in uris) leaving.Stores(uri, "content of " + uri);
        foreach (var uri in uris.Take(5)) leaving.Stores(uri + "/large", new string('x', 100_000));

        var report = await leaving.The<HandOver>().Run(TimeSpan.FromSeconds(20));
        _cluster.Leaves(leaving);

        Assert.Equal(305, report.Given);
        Assert.Equal(0, report.Left);
        Assert.All(uris, uri => Assert.Equal("content of " + uri, _cluster.Ranked(uri)[0].Content(uri)));
        Assert.All(uris.Take(5), uri => Assert.Equal(100_000, _cluster.Ranked(uri + "/large")[0].Content(uri + "/large")?.Length));
    }

    [Fact]
    public async Task Given_what_others_have_already_then_it_is_not_given_again()
    {
        var leaving = _cluster["a"];
        var uri = UrisOf(leaving, 1)[0];
        leaving.Stores(uri, "logo");
        await leaving.AsksUntilOffered(uri);

        var report = await leaving.The<HandOver>().Run(TimeSpan.FromSeconds(20));

        Assert.Equal((0, 1), (report.Given, report.There));
    }

    [Fact]
    public async Task Given_little_time_then_what_is_asked_for_most_is_given_first()
    {
        var leaving = _cluster["a"];
        var uris = UrisOf(leaving, 100);
        foreach (var uri in uris) leaving.Stores(uri, "content");
        foreach (var uri in uris[50..60]) Assert.NotEmpty(leaving.Store.Find(uri));
        var (begun, done) = (0, 0);
        using var stop = new CancellationTokenSource();
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopped = stop.Token.Register(late.SetResult);
        // What is begun first, as many as go at a time, is all that there is time for.
        _cluster.Meets = step =>
        {
            if (step.What == "TakeCopy done" && Interlocked.Increment(ref done) == 16) stop.Cancel();
            return step.What == "TakeCopy" && Interlocked.Increment(ref begun) > 16 ? late.Task : Task.CompletedTask;
        };

        var report = await leaving.The<HandOver>().Run(TimeSpan.FromSeconds(20), stop.Token);
        _cluster.Leaves(leaving);

        Assert.InRange(report.Left, 60, 95);
        Assert.All(uris[50..60], uri => Assert.True(_cluster.Ranked(uri)[0].Has(uri)));
    }

    [Fact]
    public async Task Given_a_silo_that_does_not_answer_then_the_hand_over_ends_in_time_and_the_others_have_theirs()
    {
        var (leaving, dead) = (_cluster["a"], _cluster["b"]);
        var uris = UrisOf(leaving, 100);
        foreach (var uri in uris) leaving.Stores(uri, "content");
        _cluster.Dead.Add(dead);

        var report = await leaving.The<HandOver>().Run(TimeSpan.FromSeconds(20));
        _cluster.Leaves(leaving);

        Assert.Equal(100, report.Given + report.Refused);
        Assert.All(uris.Where(uri => _cluster.Ranked(uri)[0] != dead), uri => Assert.True(_cluster.Ranked(uri)[0].Has(uri)));
    }

    [Fact]
    public async Task Given_a_silo_that_hangs_then_the_hand_over_ends_when_its_time_is_over()
    {
        var leaving = _cluster["a"];
        foreach (var uri in UrisOf(leaving, 20)) leaving.Stores(uri, "content");
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Meets = _ =>
        {
            met.TrySetResult();
            return hung.Task;
        };

        var handing = leaving.The<HandOver>().Run(TimeSpan.FromSeconds(2));
        await met.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        _cluster.Passes(TimeSpan.FromSeconds(3));

        Assert.Equal(20, (await handing.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).Left);
        hung.SetResult();
    }

    [Fact]
    public async Task Given_nobody_else_then_there_is_nothing_to_hand_over()
    {
        var alone = _cluster["a"];
        _cluster.Leaves(_cluster["b"]);
        _cluster.Leaves(_cluster["c"]);
        alone.Stores("http://example.org/", "content");

        Assert.Equal((0, 0), await alone.The<HandOver>().Run(TimeSpan.FromSeconds(2)) is var report ? (report.Given, report.Left) : default);
    }

    private List<string> UrisOf(Silo owner, int count) =>
        [.. Enumerable.Range(0, 100_000).Select(static i => $"http://example.org/{i}").Where(uri => _cluster.Ranked(uri)[0] == owner).Take(count)];
}
