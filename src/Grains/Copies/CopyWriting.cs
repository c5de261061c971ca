using System.Collections.Immutable;
using Granary.Grains.Groups;
using Granary.Grains.Members;
using Granary.Grains.Resources;
using Granary.Grains.Store;

namespace Granary.Grains.Copies;

/// <summary>
/// What this silo tells others of what it keeps. One that was away may have missed an invalidation, so it looks last whether it was: until it knows, it has nothing (P2).
/// </summary>
/// <param name="self">None in one process, where nobody asks.</param>
internal sealed class CopyWriting(ResponseStore store, GroupEpochs epochs, Presence presence, TimeProvider clock, Identity? self = null)
{
    private const int InlineBytes = 32 << 10;

    /// <summary>One answer tells of so many variants and parts of a URI at most: a message is no place for more.</summary>
    private const int Most = 64;

    /// <summary>All that is stored of the URI and may be reused as far as invalidation goes.</summary>
    public ImmutableArray<StoredCopy> Find(string uri)
    {
        ImmutableArray<StoredCopy> found = [.. store.Peek(uri).Where(IsCurrent).Take(Most).Select(variant => Of(uri, variant) with { Inline = InlineOf(variant.Content) })];
        return presence.IsDoubtful ? [] : found;
    }

    /// <summary>What is stored of the URI now with that content; null if there is nothing, or it was invalidated.</summary>
    public StoredCopy? Confirm(string uri, long contentId)
    {
        var confirmed = store.Peek(uri).FirstOrDefault(variant => variant.Content.Id == contentId) is { } variant && IsCurrent(variant)
            ? Of(uri, variant) with { Inline = InlineOf(variant.Content) }
            : null;
        return presence.IsDoubtful ? null : confirmed;
    }

    /// <summary>A whole response for an edge, with its content if that is small and not known there.</summary>
    public StoredCopy Leased(string uri, StoredVariant variant, ImmutableArray<CopySource> known)
    {
        var copy = Of(uri, variant);
        return known.Contains(copy.Source) ? copy : copy with { Inline = InlineOf(variant.Content) };
    }

    public StoredCopy Of(string uri, StoredVariant variant)
    {
        var (response, content) = (variant.Response, variant.Content);
        return new StoredCopy
        {
            Uri = uri,
            TargetUri = response.TargetUri,
            Method = response.Method,
            Head = response.Head,
            Nominated = response.Nominated,
            AlsoNominated = response.AlsoNominated,
            ResponseTime = response.ResponseTime,
            InitialAge = response.InitialAge,
            Resident = clock.GetElapsedTime(variant.ReceivedTimestamp),
            Lifetime = response.Lifetime.Value,
            LifetimeSource = response.Lifetime.Source,
            Targets = response.Targets.Names,
            Part = variant.Part is { } part ? new CopiedPart(part.First, part.CompleteLength) : null,
            Membership = variant.Membership is { } member ? new CopiedMembership(member.Groups, member.Tags, member.Since) : null,
            EarlyHints = variant.EarlyHints,
            Content = new ContentAddress(content.Id, content.Length, Endpoint),
            Source = SourceOf(variant),
            Asked = store.Popularity(variant),
            Checksum = content.Checksum,
            IsOutdated = variant.IsOutdated,
        };
    }

    public CopySource SourceOf(StoredVariant variant) => variant.Source ?? new CopySource(variant.Content.Id, Endpoint);

    private string Endpoint => self?.Endpoint() ?? "";

    private bool IsCurrent(StoredVariant variant) => variant.Content.CanBeStored && !variant.IsInvalidated(epochs);

    private static byte[]? InlineOf(Content content)
    {
        if (content is not { State: ContentState.Complete, Length: <= InlineBytes and { } length }) return null;
        using var reader = content.TryOpenReader();
        if (reader is null) return null;
        var bytes = new byte[length];
        for (var at = 0; reader.TryRead(out var some) && !some.IsEmpty; at += some.Length)
        {
            some.CopyTo(bytes.AsMemory(at));
            reader.Advance(some.Length);
        }

        return bytes;
    }
}
