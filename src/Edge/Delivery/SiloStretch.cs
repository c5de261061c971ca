using System.Net;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>Bytes of content at a silo, asked for at its content port.</summary>
/// <param name="length">Null for all there will be.</param>
internal sealed class SiloStretch(SiloContent silos, ContentAddress content, long offset, long? length, CancellationToken clientGone) : Stretch
{
    private readonly long? _expected = length ?? content.Length - offset;
    private readonly Patience _patience = silos.NewPatience(clientGone);
    private Task<bool>? _opened;
    private HttpResponseMessage? _response;
    private bool _isDisposed;

    public override void Begin() => _opened ??= Ask();

    public override ValueTask<bool> Open() => new(_opened ??= Ask());

    public override async Task Send(HttpContext context)
    {
        if (_response is not { StatusCode: HttpStatusCode.OK } response) throw new IncompleteContentException("The content broke before it began.");
        if (_expected != 0) await new SiloReading(response, _expected, _patience, silos.Options.Silence).Send(context);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_opened is { IsCompleted: false } opening)
        {
            _patience.GiveUp();
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _response?.Dispose();
        _patience.Dispose();
    }

    private async Task<bool> Ask()
    {
        try
        {
            _patience.Begin(silos.Options.HeadTimeout);
            _response = await silos.Ask(content, offset, length, _patience.Token);
            _patience.End();
            return _response.StatusCode == HttpStatusCode.BadGateway || (_response.StatusCode == HttpStatusCode.OK && IsAsExpected(_response));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !clientGone.IsCancellationRequested))
        {
            silos.Doubts(content);
            return false;
        }
    }

    // Not the bytes that the answer's head was made for: whatever it is, it is not our content (P4).
    private bool IsAsExpected(HttpResponseMessage response) =>
        _expected is null || response.Content.Headers.ContentLength is not { } stated || stated == _expected;
}
