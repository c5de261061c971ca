using Granary.Grains.Groups;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Invalidation;
using Granary.Semantics.Storability;

namespace Granary.Grains.Resources.Posts;

/// <summary>
/// Stores the response to a POST as what a GET would have brought (RFC 9110 §9.3.3): (1) nothing was invalidated meanwhile  (2) it may be stored, by our own rules
/// (3) nothing newer is there: what was stored before the POST has been invalidated by it  (4) store, and look at (1) again under the lock of the store.
/// </summary>
internal sealed class PostStoring(
    ResponseStore store, ExpectedPosts expected, Func<ResourceOptions> options, GroupEpochs epochs, TimeProvider clock, ILogger<PostStoring> logger)
{
    public void Store(string uri, PassedPost post)
    {
        var rules = options().For(post.Route, post.AsGet);
        var mayStore = expected.Holds(post.Ticket, uri) && post.Content.Length <= PassedPost.MostBytes                                   // (1)
            && Storability.WhyNot(post.AsGet, post.Head, rules.Storability) is null                                                     // (2)
            && store.Find(uri).IsEmpty && store.FindParts(uri).IsEmpty;                                                                 // (3)
        if (mayStore) Put(uri, post, VariantOf(uri, post, rules));                                                                      // (4)
        expected.Close(post.Ticket);
    }

    private void Put(string uri, PassedPost post, StoredVariant variant)
    {
        if (store.Put(uri, variant, static _ => false, () => !expected.Holds(post.Ticket, uri)) is not PutOutcome.Stored) variant.Content.Abandon();
        else logger.ResponseStored(uri, variant.Response.Lifetime.Value);
    }

    private StoredVariant VariantOf(string uri, PassedPost post, ResourceOptions rules)
    {
        var tags = CacheGroups.Tags(post.Head.Fields, rules.SurrogateKeyFields);
        var head = rules.PassSurrogateKeys ? post.Head : post.Head with { Fields = CacheGroups.WithoutTags(post.Head.Fields, rules.SurrogateKeyFields) };
        var received = clock.GetUtcNow() - post.Since;
        var response = StoredResponse.Of(post.AsGet with { TargetUri = uri }, head, received - post.Delay, received, rules.Freshness);
        var before = clock.GetTimestamp() - (long)(post.Since.TotalSeconds * clock.TimestampFrequency);
        return new StoredVariant(response, ContentOf(post.Content), before) { Membership = Membership.Of(CacheGroups.Of(uri, head.Fields), tags, epochs.Now) };
    }

    private Content ContentOf(ReadOnlySpan<byte> bytes)
    {
        using var writer = store.CreateContent(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var room = writer.GetMemory().Span;
            if (room.IsEmpty) break; // nobody waits for it, so it does not wait for room
            var length = Math.Min(room.Length, bytes.Length);
            bytes[..length].CopyTo(room);
            writer.Advance(length);
            bytes = bytes[length..];
        }

        if (bytes.IsEmpty) writer.Complete();
        return writer.Content;
    }
}
