using Granary.Semantics;
using Granary.Semantics.Fields;

namespace Granary.Grains.Store;

/// <summary>
/// What stored responses cost on the managed heap of a 64-bit process: an object has 16 bytes of its own, a string 22 and two for each
/// char, all rounded up to 8. Strings are counted as if nothing were shared, so the estimate errs to the safe side.
/// </summary>
internal static class MetadataEstimate
{
    // Record, its array, a place in the table, of which a third may be taken.
    private const long Key = 40 + 32 + 32;

    // StoredVariant, StoredResponse, Content, a place in the table by id.
    private const long Variant = 88 + 96 + 136 + 32;

    // ContentSegment; contents are cut into 64 KiB where the arena is not fragmented.
    private const long Segment = 64;

    // What lies elsewhere is listed by its address: that twice, the node, the lock, a prefix of keys.
    private const long Elsewhere = 40 + 32 + 64 + 48 + 40 + 160;

    /// <summary>Of a key and one response that is stored under it; for most the key is the URI, and then that string is there once.</summary>
    public static long Of(string key, StoredVariant variant) => Key + Of(variant) + (ReferenceEquals(key, variant.Response.TargetUri) ? 0 : OfText(key));

    public static long Of(StoredVariant variant)
    {
        var response = variant.Response;
        return Variant
            + Segment * (1 + (variant.Content.Length ?? 0) / (32 << 10))
            + OfText(response.TargetUri) + OfHead(response)
            + Of(response.Nominated) + (response.AlsoNominated is { IsEmpty: false } also ? 64 + also.Sum(Of) : 0)
            + (variant.Elsewhere is null ? 0 : Elsewhere)
            + (variant.Membership?.Bytes ?? 0) + variant.EarlyHints.Sum(hint => 40 + Of(hint.Fields));
    }

    // In bytes, as all but those few are that were read last.
    private static long OfHead(StoredResponse response) => (response.HeadBytes is { } bytes ? (24 + bytes + 7) & ~7 : 40 + OfText(response.Head.Reason) + Of(response.Head.Fields))
        + (response.CacheControl.NoCacheFields.IsEmpty ? 0 : 64 + 40 + Of(response.ReusableHead.Fields));

    private static long Of(FieldLines lines)
    {
        var bytes = 24L;
        foreach (var line in lines) bytes += 16 + OfText(line.Name) + OfText(line.Value);
        return bytes;
    }

    private static long OfText(string? text) => text is null ? 0 : (22 + 2L * text.Length + 7) & ~7;
}
