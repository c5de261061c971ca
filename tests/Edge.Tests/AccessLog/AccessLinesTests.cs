using System.Diagnostics.Metrics;
using Granary.Edge.AccessLog;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Edge.Tests.AccessLog;

[Trait("Promise", "P7")]
public sealed class AccessLinesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-log-");
    private readonly Clock _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Lines_that_nobody_has_room_for_are_dropped_and_counted_and_nobody_waits()
    {
        using var lines = Begins(queue: 16);
        using var counted = Counts("granary.accesslog.dropped", out var dropped);
        for (var i = 0; i < 100; i++) lines.Write(lines.Begin()!); // nobody writes yet
        Assert.Equal(84, dropped());
        await lines.StartAsync(CancellationToken.None);
        await lines.StopAsync(CancellationToken.None);
        Assert.Equal(16, File.ReadAllLines(Path.Combine(_directory.FullName, "access.log")).Length);
    }

    [Fact, Trait("Fault", "53")]
    public async Task What_cannot_be_written_is_counted_and_what_comes_later_is_written()
    {
        using var lines = Begins(queue: 16);
        using var counted = Counts("granary.accesslog.dropped", out var dropped);
        var path = Path.Combine(_directory.FullName, "access.log");
        Directory.CreateDirectory(path);
        await lines.StartAsync(CancellationToken.None);
        lines.Write(lines.Begin()!);
        await Deadline.Until(() => Task.FromResult(dropped() == 1), () => "The line was not dropped.");
        Directory.Delete(path);
        lines.Write(lines.Begin()!);
        await lines.StopAsync(CancellationToken.None);
        Assert.Single(File.ReadAllLines(path));
    }

    private AccessLines Begins(int queue) => new(
        () => new AccessLogSettings { Path = Path.Combine(_directory.FullName, "access.log"), Queue = queue }, _clock.Time, _services.GetRequiredService<IMeterFactory>(), NullLogger<AccessLines>.Instance);

    private MeterListener Counts(string name, out Func<long> count)
    {
        var (listener, counted, factory) = (new MeterListener(), 0L, _services.GetRequiredService<IMeterFactory>());
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope == factory) me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, more, _, _) => Interlocked.Add(ref counted, more));
        listener.Start();
        count = () => Interlocked.Read(ref counted);
        return listener;
    }
}
