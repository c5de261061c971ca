namespace Granary.Edge.Listening.Repeats;

/// <summary>The head of a request as it came.</summary>
/// <param name="bytes">From the first byte to the empty line.</param>
/// <param name="hash">Of the bytes.</param>
/// <param name="listener">Where it came in: another listener may have other rules.</param>
internal readonly ref struct ArrivedHead(ReadOnlySpan<byte> bytes, ulong hash, object listener)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public ulong Hash { get; } = hash;

    public object Listener { get; } = listener;
}
