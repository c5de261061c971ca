using Granary.Grains.Store;

namespace Granary.Grains.Origin;

/// <summary>
/// Reads content from an origin into a <see cref="Content"/>: (1) wait for room  (2) wait for bytes, in time  (3) publish.
/// </summary>
internal sealed class ContentIntake(FetchOptions options, TimeProvider clock, ContentWriter writer)
{
    /// <summary>Never throws for what an origin, a network or the readers do: then the content fails, and its readers see that.</summary>
    public async Task Run(HttpResponseMessage response)
    {
        using var pace = new ContentPace(options, clock, () => IsStream);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            while (await Next(stream, pace).ConfigureAwait(false))
            {
            }

            writer.Complete();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException or TimeoutException or ContentTooSlowException)
        {
            writer.Fail(broken);
        }
    }

    private async ValueTask<bool> Next(Stream stream, ContentPace pace)
    {
        if (writer.Content.Length is { } declared && pace.Arrived == declared) return false;
        var memory = writer.GetMemory();                                                         // (1)
        if (memory.IsEmpty) memory = await writer.GetMemoryAsync(writer.ReadersGone).ConfigureAwait(false);
        var begun = pace.Begin(stream, memory);                                                  // (2)
        var read = begun.IsCompleted ? await begun.ConfigureAwait(false) : await pace.Wait(begun, writer.ReadersGone).ConfigureAwait(false);
        pace.Note(read);
        if (read == 0) return false;
        writer.Advance(read);                                                                    // (3)
        return true;
    }

    // Events come when they come: while somebody reads them and nobody waits for the whole, only the idle timeout counts.
    private bool IsStream => writer.Content is { Length: null, IsRetained: false, HasBeenOpened: true };
}
