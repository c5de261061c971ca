using Granary.Language;
using Granary.Silo.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Logging;

[Trait("Fault", "60")]
public sealed class BoundedLinesTests : IDisposable
{
    private readonly Logs _logs = Logs.Begin();
    private readonly FakeTimeProvider _clock = new();
    private readonly BoundedLines _lines;
    private readonly ILogger _logger;

    public BoundedLinesTests()
    {
        _lines = new BoundedLines(_logs, _clock);
        _logger = _lines.CreateLogger("Granary");
    }

    [Theory, InlineData(LogLevel.Warning), InlineData(LogLevel.Error)]
    public void Given_a_warning_with_every_request_then_a_few_a_second_are_written_and_the_rest_is_counted(LogLevel level)
    {
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < 1000; i++) Says(level, 1);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(30, _logs.Lines.Count(line => line.Event == "Event1"));
        Assert.Equal(["990 lines like the next one were left out: Event1", "990 lines like the next one were left out: Event1"],
            _logs.Lines.Where(line => line.Event == "LinesLeftOut").Select(line => line.Text));
    }

    [Fact]
    public void Given_a_flood_of_one_event_then_others_and_those_of_other_categories_are_still_written()
    {
        for (var i = 0; i < 1000; i++) Says(LogLevel.Warning, 1);
        Says(LogLevel.Warning, 2);
        Says(LogLevel.Warning, 1, _lines.CreateLogger("Other"));

        Assert.Single(_logs.Lines, line => line.Event == "Event2");
        Assert.Single(_logs.Lines, line => line.Category == "Other");
    }

    [Theory, InlineData(LogLevel.Debug), InlineData(LogLevel.Information), InlineData(LogLevel.Critical)]
    public void What_was_asked_for_and_what_ends_the_process_is_written_whole(LogLevel level)
    {
        for (var i = 0; i < 1000; i++) Says(level, 1);

        Assert.Equal(1000, _logs.Lines.Count);
    }

    public void Dispose() => _lines.Dispose();

    private void Says(LogLevel level, int id, ILogger? logger = null) =>
        (logger ?? _logger).Log(level, new EventId(id, $"Event{id}"), "text", null, static (text, _) => text);
}
