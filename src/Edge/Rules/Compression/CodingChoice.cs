namespace Granary.Edge.Rules.Compression;

/// <summary>What becomes of the content of one answer on its way out: a coding, or why it has none. There is one of each.</summary>
internal sealed class CodingChoice
{
    private static readonly CodingChoice[] Coded = [.. Enum.GetValues<ContentCoding>().Select(static coding => new CodingChoice(coding, null))];
    private static readonly CodingChoice[] Plain = [.. Enum.GetValues<NotCompressed>().Select(static why => new CodingChoice(null, why))];

    private CodingChoice(ContentCoding? coding, NotCompressed? why) => (Coding, Why) = (coding, why);

    public static CodingChoice None => Without(NotCompressed.SwitchedOff);

    public ContentCoding? Coding { get; }

    /// <summary>Null where there is a coding.</summary>
    public NotCompressed? Why { get; }

    /// <summary>Another client might get it otherwise, so caches further down have to know (RFC 9110 §12.5.5).</summary>
    public bool Varies => Why is null or > NotCompressed.TooSmall;

    public static CodingChoice Of(ContentCoding coding) => Coded[(int)coding];

    public static CodingChoice Without(NotCompressed why) => Plain[(int)why];
}
