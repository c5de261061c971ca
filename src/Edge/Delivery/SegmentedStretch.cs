using Granary.Edge.Leases.Segments;
using Granary.Grains.Store;
using Granary.Silo.Content;

namespace Granary.Edge.Delivery;

/// <summary>
/// Bytes of a leased content, segment by segment: (1) where not all of them are here, have the silo keep the content till the end, whatever becomes of it (fault 27)  (2) send what is here, and what arrives
/// as it does, one segment ahead  (3) if a segment breaks, because there is no room for it or for whatever reason, read on from the silo where it broke.
/// </summary>
/// <param name="end">Position after the last byte.</param>
internal sealed class SegmentedStretch(SegmentStore segments, SiloContent silos, LeasedContent content, long offset, long end, CancellationToken clientGone) : Stretch
{
    private IDisposable? _hold;
    private ContentReader? _current;
    private ContentReader? _next;
    private Task<bool>? _opened;

    public override void Begin() => _opened ??= Make();

    public override ValueTask<bool> Open() => new(_opened ??= Make());

    public override async Task Send(HttpContext context)
    {
        for (var at = offset; at < end;)
        {
            var until = Math.Min(segments.EndOf(at), end);
            _current ??= segments.Open(content, at);
            if (until < end) _next = segments.Open(content, until);
            var sent = await Send(_current, until - at, context);                         // (2)
            if (sent is null) return;
            at += sent.Value;
            if (at < until)
            {
                await ReadOn(at, context);                                                 // (3)
                return;
            }

            _current?.Dispose();
            (_current, _next) = (_next, null);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_opened is { } opened) await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _current?.Dispose();
        _next?.Dispose();
        _hold?.Dispose();
        (_current, _next, _hold) = (null, null, null);
    }

    private async Task<bool> Make()
    {
        if (!segments.AreHere(content, offset, end) && (_hold = await silos.Hold(content.At, clientGone)) is null) // (1)
        {
            segments.Lose(content);
            return false;
        }

        _current = segments.Open(content, offset);
        return true;
    }

    /// <returns>How many bytes were sent, fewer when the segment broke; null when the client has gone.</returns>
    private static async Task<long?> Send(ContentReader? reader, long count, HttpContext context)
    {
        if (reader is null) return 0;
        var start = reader.Position;
        try
        {
            await ContentSending.Send(reader, count, context);
            return reader.Position - start == count ? count : null;
        }
        catch (IncompleteContentException)
        {
            return reader.Position - start;
        }
    }

    private async Task ReadOn(long at, HttpContext context)
    {
        await using var rest = new SiloStretch(silos, content.At, at, end - at, clientGone);
        if (!await rest.Open()) throw new IncompleteContentException("The content is gone.");
        await rest.Send(context);
    }
}
