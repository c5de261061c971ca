using Granary.Grains.Store;

namespace Granary.Grains.Origin;

/// <summary>
/// Reads content from an origin into a <see cref="Content"/>: (1) wait for room  (2) wait for bytes, not for ever  (3) publish  (4) demand a minimum rate.
/// </summary>
internal sealed class ContentIntake(FetchOptions options, TimeProvider clock)
{
    private TimeSpan _waited;
    private long _arrived;

    public async Task Run(HttpResponseMessage response, ContentWriter writer)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            while (await Next(stream, writer).ConfigureAwait(false))
            {
            }

            writer.Complete();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException or TimeoutException or ContentTooSlowException)
        {
            writer.Fail(broken);
        }
    }

    private async ValueTask<bool> Next(Stream stream, ContentWriter writer)
    {
        if (writer.Content.Length is { } declared && _arrived == declared) return false;
        var memory = await writer.GetMemoryAsync(writer.ReadersGone).ConfigureAwait(false); // (1)
        var before = clock.GetTimestamp();
        var read = await Read(stream, memory, writer.ReadersGone).ConfigureAwait(false);    // (2)
        _waited += clock.GetElapsedTime(before);
        if (read == 0) return false;
        writer.Advance(read);                                                               // (3)
        _arrived += read;
        DemandRate();                                                                       // (4)
        return true;
    }

    private async ValueTask<int> Read(Stream stream, Memory<byte> memory, CancellationToken readersGone)
    {
        var read = stream.ReadAsync(memory, readersGone);
        if (read.IsCompleted) return await read.ConfigureAwait(false);
        return await read.AsTask().WaitAsync(options.IdleTimeout, clock, readersGone).ConfigureAwait(false);
    }

    // Time spent waiting for room is the readers', not the origin's.
    private void DemandRate()
    {
        if (options.MinRate <= 0 || _waited <= options.MinRateGrace) return;
        if (_arrived < options.MinRate * _waited.TotalSeconds) throw new ContentTooSlowException();
    }
}

/// <summary>An origin dripped its content: below the minimum rate for longer than the grace.</summary>
internal sealed class ContentTooSlowException() : Exception("The origin's content arrived too slowly.");
