using Granary.Language;
using Granary.Silo.Drain;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Silo.Tests.Drain;

public sealed class DrainingTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Logs _logs = Logs.Begin();
    private readonly List<string> _done = [];

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Steps_are_done_in_their_order()
    {
        await Draining(Step("first"), Step("second")).Run(TimeSpan.FromSeconds(30), default);
        Assert.Equal(["first", "second"], _done);
    }

    [Fact]
    public async Task A_step_that_fails_does_not_keep_the_next_from_being_done()
    {
        await Draining(new DrainStep("broken", _ => throw new InvalidOperationException()), Step("next")).Run(TimeSpan.FromSeconds(30), default);
        Assert.Equal(["next"], _done);
        Assert.Contains(_logs.Lines, line => line.Event == "StepFailed");
    }

    [Fact]
    public async Task A_step_that_does_not_end_is_cut_short_by_the_deadline_and_the_rest_is_left_out()
    {
        var begun = new TaskCompletionSource();
        var endless = new DrainStep("endless", _ =>
        {
            begun.SetResult();
            return new TaskCompletionSource().Task;
        });
        var draining = Draining(endless, Step("next")).Run(TimeSpan.FromSeconds(30), default);
        await begun.Task;
        _clock.Advance(TimeSpan.FromSeconds(31));
        await draining;
        Assert.Empty(_done);
        Assert.Equal(["StepCutShort", "StepLeftOut"], _logs.Lines.Select(line => line.Event));
    }

    private Draining Draining(params DrainStep[] steps)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_logs).SetMinimumLevel(LogLevel.Debug));
        return new(steps, _clock, factory.CreateLogger<Draining>());
    }

    private DrainStep Step(string name) => new(name, _ =>
    {
        _done.Add(name);
        return Task.CompletedTask;
    });
}
