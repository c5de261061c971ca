using System.Net;

namespace Granary.Grains.Origin;

/// <summary>The content of a passed request. Each piece must be taken by the origin within the idle time-out; after the last one the time for the head begins.</summary>
internal sealed class TimedContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly FetchOptions _options;
    private readonly HeadTimer _timer;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _leaves;
    private long _lastTaken;

    /// <param name="timer">What ends the request, in time or because its client leaves.</param>
    /// <param name="leaves">The latter alone.</param>
    public TimedContent(HttpContent content, FetchOptions options, HeadTimer timer, TimeProvider clock, CancellationToken leaves)
    {
        (_content, _options, _timer, _clock, _leaves) = (content, options, timer, clock, leaves);
        _lastTaken = clock.GetTimestamp();
        foreach (var field in content.Headers.NonValidated)
            foreach (var value in field.Value) Headers.TryAddWithoutValidation(field.Key, value);
    }

    /// <summary>How long ago the origin has taken a piece: in a stream both ways that is life as well as an answer is.</summary>
    public TimeSpan Quiet => _clock.GetElapsedTime(Volatile.Read(ref _lastTaken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _timer.Rest();
        await _content.CopyToAsync(new TimedWrites(stream, _options.IdleTimeout, _timer, Taken, _leaves), context, cancellationToken).ConfigureAwait(false);
        _timer.Restart(_options.HeadTimeout);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }

    private void Taken() => Volatile.Write(ref _lastTaken, _clock.GetTimestamp());
}
