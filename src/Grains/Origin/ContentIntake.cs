using Granary.Grains.Store;

namespace Granary.Grains.Origin;

/// <summary>
/// Reads content from an origin into a <see cref="Content"/>: (1) wait for room  (2) wait for bytes, not for ever  (3) publish  (4) demand a minimum rate.
/// </summary>
/// <remarks>
/// A read under way writes into a block of the store. It is cancelled and awaited, never abandoned: a block given back while the socket still
/// writes into it would put these bytes into another response (P4).
/// </remarks>
internal sealed class ContentIntake : IDisposable
{
    private readonly FetchOptions _options;
    private readonly TimeProvider _clock;
    private readonly ContentWriter _writer;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _idle;
    private TimeSpan _waited;
    private bool _timedOut;

    public ContentIntake(FetchOptions options, TimeProvider clock, ContentWriter writer)
    {
        (_options, _clock, _writer) = (options, clock, writer);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(writer.ReadersGone);
        _idle = clock.CreateTimer(static intake => ((ContentIntake)intake!).TimeOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Never throws for what an origin, a network or the readers do: then the content fails, and its readers see that.</summary>
    public async Task Run(HttpResponseMessage response)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            while (await Next(stream).ConfigureAwait(false))
            {
            }

            _writer.Complete();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException or ContentTooSlowException)
        {
            _writer.Fail(_timedOut ? new TimeoutException("The origin's content stopped arriving.", broken) : broken);
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<bool> Next(Stream stream)
    {
        if (_writer.Content.Length is { } declared && _writer.Content.Arrived == declared) return false;
        var memory = await _writer.GetMemoryAsync(_writer.ReadersGone).ConfigureAwait(false); // (1)
        var before = _clock.GetTimestamp();
        var read = await Read(stream, memory).ConfigureAwait(false);                          // (2)
        _waited += _clock.GetElapsedTime(before); // waiting for room is the readers' time, this is the origin's
        if (read == 0) return false;
        _writer.Advance(read);                                                                // (3)
        DemandRate();                                                                         // (4)
        return true;
    }

    private async ValueTask<int> Read(Stream stream, Memory<byte> memory)
    {
        var read = stream.ReadAsync(memory, _stop.Token);
        if (read.IsCompleted) return await read.ConfigureAwait(false);
        _idle.Change(_options.IdleTimeout, Timeout.InfiniteTimeSpan);
        var count = await read.ConfigureAwait(false);
        _idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return count;
    }

    private void DemandRate()
    {
        if (_options.MinRate <= 0 || _waited <= _options.MinRateGrace || IsStream) return;
        if (_writer.Content.Arrived < _options.MinRate * _waited.TotalSeconds) throw new ContentTooSlowException();
    }

    // Events come when they come: while somebody reads them and nobody waits for the whole, only the idle timeout counts.
    private bool IsStream => _writer.Content is { Length: null, IsRetained: false, HasBeenOpened: true };

    private void TimeOut()
    {
        _timedOut = true;
        _stop.Cancel();
    }
}

/// <summary>An origin dripped its content: below the minimum rate for longer than the grace.</summary>
internal sealed class ContentTooSlowException() : Exception("The origin's content arrived too slowly.");
