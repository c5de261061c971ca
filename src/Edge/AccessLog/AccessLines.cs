using System.Buffers;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Edge.AccessLog;

/// <summary>
/// The lines of the access log on their way: whoever has one leaves it and goes on; one writes them, as many as there are at a time. Where they come faster than they can be written, or cannot be written at all, they are
/// dropped and counted: no request waits for a log.
/// </summary>
internal sealed class AccessLines : IHostedService, IDisposable
{
    private const int MostAtOnce = 64 << 10;

    // Characters of what clients have sent.
    private const long MostWaiting = 16 << 20;

    private readonly Func<AccessLogSettings> _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<AccessRecord> _lines;
    private readonly LogFile _file;
    private readonly JsonFormat _json = new();
    private readonly NowAndThen _complaint;
    private readonly Counter<long> _written, _dropped;
    private long _waiting;
    private Task _writing = Task.CompletedTask;

    public AccessLines(Func<AccessLogSettings> settings, TimeProvider clock, IMeterFactory meters, ILogger<AccessLines> logger)
    {
        (_settings, _clock, _logger, _complaint) = (settings, clock, logger, new NowAndThen(clock));
        var now = settings();
        IsOn = now.Path is not null;
        _file = new LogFile(now.Path ?? "", settings, clock);
        _lines = Channel.CreateBounded<AccessRecord>(new BoundedChannelOptions(now.Queue) { SingleReader = true });
        var meter = meters.Create("Granary.AccessLog");
        _written = meter.CreateCounter<long>("granary.accesslog.lines", "{line}", "Lines of the access log that were written.");
        _dropped = meter.CreateCounter<long>("granary.accesslog.dropped", "{line}", "Lines of the access log that were not.");
    }

    public bool IsOn { get; }

    /// <summary>Null where nothing is written.</summary>
    public AccessRecord? Begin() => IsOn ? new AccessRecord { Time = _clock.GetUtcNow(), Begun = _clock.GetTimestamp() } : null;

    /// <summary>The tunnel is open, which is told where that is asked for.</summary>
    public void Opened(AccessRecord record)
    {
        if (_settings() is { Opens: true, Format: AccessLogFormat.Json }) Leave(record with { IsOpening = true, Duration = _clock.GetElapsedTime(record.Begun) });
    }

    /// <summary>Hands it over; nobody touches it any more.</summary>
    public void Write(AccessRecord record)
    {
        record.Duration = _clock.GetElapsedTime(record.Begun);
        Leave(record);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsOn) _writing = Task.Run(WriteAll, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>After the listeners have closed: what is there is written.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _lines.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        if (!_writing.IsCompleted) return; // it hangs in a write, and what it has is left to it
        _file.Dispose();
        _json.Dispose();
    }

    private void Leave(AccessRecord record)
    {
        var weight = record.Weight;
        if (Interlocked.Add(ref _waiting, weight) <= MostWaiting && _lines.Writer.TryWrite(record)) return;
        Interlocked.Add(ref _waiting, -weight);
        _dropped.Add(1);
    }

    private async Task WriteAll()
    {
        var buffer = new ArrayBufferWriter<byte>(MostAtOnce);
        while (await _lines.Reader.WaitToReadAsync())
        {
            var lines = 0;
            for (var settings = _settings(); buffer.WrittenCount < MostAtOnce && _lines.Reader.TryRead(out var record); lines++)
            {
                Interlocked.Add(ref _waiting, -record.Weight);
                Format(buffer, record, settings);
            }

            Write(buffer.WrittenSpan, lines);
            buffer.ResetWrittenCount();
        }
    }

    private void Format(ArrayBufferWriter<byte> buffer, AccessRecord record, AccessLogSettings settings)
    {
        switch (settings.Format)
        {
            case AccessLogFormat.Combined: CombinedFormat.Write(buffer, record, settings.Query); break;
            case AccessLogFormat.Squid: SquidFormat.Write(buffer, record, settings.Query); break;
            default: _json.Write(buffer, record, settings.Query); break;
        }
    }

    private void Write(ReadOnlySpan<byte> text, int lines)
    {
        try
        {
            _file.Write(text);
            _written.Add(lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _dropped.Add(lines);
            if (_complaint.IsTime()) _logger.LinesNotWritten(lines, e.GetType().Name);
        }
    }
}
