namespace Granary.Edge.Rules.Compression;

/// <summary>A stored content in one coding, whole.</summary>
internal sealed class CompressedForm(ReadOnlyMemory<byte> bytes)
{
    // Key, queue and table.
    private const int Beside = 256;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public long Cost => bytes.Length + Beside;

    /// <summary>Since somebody last looked for room.</summary>
    public bool WasUsed { get; set; }
}

/// <summary>
/// Of which bytes something is a form. Contents are written once and their ids never return, so a form of what was replaced, outdated or purged is not found again: only the
/// answer of an owner, or of a lease, says which content is asked for (P2).
/// </summary>
internal readonly record struct FormKey(long Content, string? Endpoint, ContentCoding Coding);
