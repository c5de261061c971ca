using Granary.Semantics.Fields;

namespace Granary.Grains.Store;

/// <summary>
/// What stored responses cost on the managed heap of a 64-bit process: an object has 16 bytes of its own, a string 22 and two for each
/// char, all rounded up to 8. Strings are counted as if nothing were shared, so the estimate errs to the safe side.
/// </summary>
internal static class MetadataEstimate
{
    // Record, its arrays, the dictionary's node.
    private const long Key = 48 + 2 * 32 + 56;

    // StoredVariant, StoredResponse with what it has derived, ResponseHead, two FieldLines, Resident, Content with its lock, the node by id.
    private const long Variant = 40 + 8 + 24 + 320 + 40 + 2 * 24 + 96 + 272 + 56;

    // ContentSegment; contents are cut into 64 KiB where the arena is not fragmented.
    private const long Segment = 64;

    // What lies elsewhere is listed by its address: that twice, the node, the lock, a prefix of keys.
    private const long Elsewhere = 40 + 32 + 64 + 48 + 40 + 160;

    public static long Of(string key) => Key + OfText(key);

    public static long Of(StoredVariant variant)
    {
        var response = variant.Response;
        return Variant
            + Segment * (1 + (variant.Content.Length ?? 0) / (32 << 10))
            + OfText(response.TargetUri) + OfText(response.Method) + OfText(response.Head.Reason)
            + Of(response.Head.Fields) + Of(response.Nominated) + response.AlsoNominated.Sum(Of)
            + (variant.Source is { } source ? 32 + OfText(source.Endpoint) : 0)
            + (variant.Elsewhere is null ? 0 : Elsewhere)
            + (variant.Membership?.Bytes ?? 0) + variant.EarlyHints.Sum(hint => 40 + Of(hint.Fields));
    }

    private static long Of(FieldLines lines)
    {
        var bytes = 24L;
        foreach (var line in lines) bytes += 16 + OfText(line.Name) + OfText(line.Value);
        return bytes;
    }

    private static long OfText(string? text) => text is null ? 0 : (22 + 2L * text.Length + 7) & ~7;
}
