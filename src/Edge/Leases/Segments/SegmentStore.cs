using System.Collections.Concurrent;
using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Grains.Copies;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Leases.Segments;

/// <summary>
/// Segments of leased contents, in the store of leased copies: each with a key of its own, counted and evicted like any of them. One that is missing is read from the silo once, at the silo's pace, whoever
/// asks for it and however many; they read it as it arrives.
/// </summary>
internal sealed class SegmentStore(ResponseStore store, SiloContent silos, CopyFilling filling, LeaseMeter meter, TimeProvider clock)
{
    private const long Most = 256 << 10;

    private static readonly StoredResponse Nobodys = new("", "GET", FieldLines.Empty, new ResponseHead(200, FieldLines.Empty), DateTimeOffset.UnixEpoch, TimeSpan.Zero, default);

    private readonly ConcurrentDictionary<ContentAddress, LeasedContent> _leased = new();

    /// <summary>256 KiB, or what the store keeps at most in one piece.</summary>
    public long Size { get; } = Math.Min(Most, store.Options.MaxResponseBytes);

    /// <summary>Null when it is none, or none any more.</summary>
    public LeasedContent? Of(ContentAddress content) => _leased.GetValueOrDefault(content);

    /// <summary>From now on segments of it are kept.</summary>
    public LeasedContent Take(string uri, ContentAddress content, CopySource source)
    {
        var leased = _leased.GetOrAdd(content, static (at, of) => new LeasedContent(of.uri, at, of.source), (uri, source));
        leased.IsUnreferenced = false;
        return leased;
    }

    /// <summary>It is not to be had where it lay: whoever comes is to ask the owner.</summary>
    public void Lose(LeasedContent content) => _leased.TryRemove(KeyValuePair.Create(content.At, content));

    public long EndOf(long position) => (position / Size + 1) * Size;

    /// <summary>Whether all of it is here, as far as can be told without holding it.</summary>
    public bool AreHere(LeasedContent content, long from, long end)
    {
        for (; from < end; from = EndOf(from))
            if (!IsHere(content, from)) return false;
        return true;
    }

    /// <summary>How many bytes of it are here.</summary>
    public long Here(LeasedContent content)
    {
        var bytes = 0L;
        for (var at = 0L; at < content.Length; at = EndOf(at))
            if (IsHere(content, at)) bytes += Math.Min(EndOf(at), content.Length) - at;
        return bytes;
    }

    /// <summary>A reader of the segment with that position, standing there; what is missing begins to arrive.</summary>
    /// <returns>Null when it cannot be kept even for a moment.</returns>
    public ContentReader? Open(LeasedContent content, long position)
    {
        var (index, offset) = (position / Size, position % Size);
        var key = content.KeyOf(index);
        if (Find(key, offset) is { } held) return held;
        lock (content.Gate) return Find(key, offset) ?? Fill(content, key, index * Size, offset);
    }

    /// <summary>Gives back what belongs to no leased copy any more. Nothing depends on it.</summary>
    public void Tidy()
    {
        foreach (var (_, content) in _leased)
        {
            if (store.PeekWhole(content.Uri).Any(variant => variant.Elsewhere?.Address == content.At)) content.IsUnreferenced = false;
            else if (!content.IsUnreferenced) content.IsUnreferenced = true; // it may be on its way into the store
            else Drop(content);
        }
    }

    private void Drop(LeasedContent content)
    {
        Lose(content);
        for (var index = 0L; index * Size < content.Length; index++) store.Remove(content.KeyOf(index));
    }

    private bool IsHere(LeasedContent content, long position) => store.PeekWhole(content.KeyOf(position / Size)) is [{ Content.State: ContentState.Complete }];

    private ContentReader? Find(string key, long offset)
    {
        if (store.Find(key) is not [var found] || !store.TryOpen(found.Content.Id, offset, out var reader)) return null;
        meter.Read(SegmentOrigin.Here);
        return reader;
    }

    // A segment for which there is no room passes through: its reader is there before anything of it is.
    private ContentReader? Fill(LeasedContent content, string key, long from, long offset)
    {
        meter.Read(SegmentOrigin.Silo);
        var count = Math.Min(Size, content.Length - from);
        var writer = store.CreateContent(count);
        var reader = writer.Content.TryOpenReader(offset);
        store.Put(key, new StoredVariant(Nobodys, writer.Content, clock.GetTimestamp()), static _ => true);
        _ = Task.Run(() => Fill(content.At, writer, from, count));
        return reader;
    }

    private async Task Fill(ContentAddress at, ContentWriter writer, long from, long count)
    {
        using var abandoned = writer; // unless it was completed
        using var late = new CancellationTokenSource(silos.Options.HeadTimeout, clock);
        try
        {
            using var response = await silos.Ask(at, from, count, late.Token);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength != count) return; // whatever it is, it is not our segment (P4)
            late.CancelAfter(Timeout.InfiniteTimeSpan);
            await using var stream = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            await filling.Fill(writer, stream, checksum: null);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            writer.Fail(broken);
        }
    }
}
