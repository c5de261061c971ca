namespace Granary.Grains.Origin;

/// <summary>Reads content from an origin in time: (1) wait for bytes, not for ever  (2) demand a minimum rate, unless it is a stream.</summary>
/// <remarks>
/// A read under way writes into memory of the store or of a pool. It is cancelled and awaited, never abandoned: memory given back while the socket still
/// writes into it would put these bytes into another response (P4).
/// </remarks>
internal sealed class ContentPace : IDisposable
{
    private readonly FetchOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<bool> _isStream;
    private readonly Func<TimeSpan>? _quiet;
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _idle; // what is there at once needs none
    private TimeSpan _waited;
    private readonly Lock _gate = new();
    private bool _isWaiting;
    private bool _timedOut;

    /// <param name="isStream">Whether content may come when it comes, such as events: asked once the grace is over.</param>
    /// <param name="quiet">Since when the origin has not taken anything of the request either; null if the request is out.</param>
    public ContentPace(FetchOptions options, TimeProvider clock, Func<bool> isStream, Func<TimeSpan>? quiet = null) =>
        (_options, _clock, _isStream, _quiet) = (options, clock, isStream, quiet);

    public long Arrived { get; private set; }

    /// <exception cref="TimeoutException">Nothing came for too long.</exception>
    /// <exception cref="ContentTooSlowException">Too little came.</exception>
    public async ValueTask<int> Read(Stream stream, Memory<byte> memory, CancellationToken cancellationToken)
    {
        var read = Begin(stream, memory);
        var count = read.IsCompleted ? await read.ConfigureAwait(false) : await Wait(read, cancellationToken).ConfigureAwait(false); // (1)
        Note(count);                                                                                                                 // (2)
        return count;
    }

    /// <summary>The steps of <see cref="Read"/>, for who has to make something only if there is need to wait.</summary>
    public ValueTask<int> Begin(Stream stream, Memory<byte> memory) => stream.ReadAsync(memory, _stop.Token);

    /// <inheritdoc cref="Begin"/>
    public void Note(int count)
    {
        Arrived += count;
        if (count > 0) DemandRate();
    }

    public void Dispose()
    {
        _idle?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc cref="Begin"/>
    public async ValueTask<int> Wait(ValueTask<int> read, CancellationToken cancellationToken)
    {
        var before = _clock.GetTimestamp();
        await using var leaves = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop).ConfigureAwait(false);
        Await(_options.IdleTimeout);
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (OperationCanceledException ended) when (_timedOut)
        {
            throw new TimeoutException("The origin's content stopped arriving.", ended);
        }
        finally
        {
            Await(null);
            _waited += _clock.GetElapsedTime(before);
        }
    }

    // Only time spent waiting for the origin counts: a slow reader is not its fault.
    private void DemandRate()
    {
        if (_options.MinRate <= 0 || _waited <= _options.MinRateGrace || _isStream()) return;
        if (Arrived < _options.MinRate * _waited.TotalSeconds) throw new ContentTooSlowException();
    }

    private void Await(TimeSpan? patience)
    {
        lock (_gate)
        {
            _isWaiting = patience is not null;
            _idle ??= _clock.CreateTimer(static pace => ((ContentPace)pace!).TimeOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _idle.Change(patience ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimeOut()
    {
        lock (_gate)
        {
            if (!_isWaiting) return; // the bytes came just now
            if (_quiet?.Invoke() is { } quiet && quiet < _options.IdleTimeout)
            {
                _idle!.Change(_options.IdleTimeout - quiet, Timeout.InfiniteTimeSpan);
                return;
            }

            _timedOut = true;
        }

        _stop.Cancel();
    }
}

/// <summary>An origin dripped its content: below the minimum rate for longer than the grace.</summary>
internal sealed class ContentTooSlowException() : Exception("The origin's content arrived too slowly.");
