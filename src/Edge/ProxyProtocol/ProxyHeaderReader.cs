namespace Granary.Edge.ProxyProtocol;

/// <summary>Reads a PROXY header of either version. Never looks behind it, never throws, and decides with the first byte that cannot stand.</summary>
public static class ProxyHeaderReader
{
    /// <summary>No header is longer: what a reader has to keep.</summary>
    public const int Most = ProxyV2.Most;

    public static ProxyReading Read(ReadOnlySpan<byte> bytes) =>
        IsPrefix(bytes, ProxyV2.Signature) ? ProxyV2.Read(bytes)
        : IsPrefix(bytes, ProxyV1.Signature) ? ProxyV1.Read(bytes)
        : new ProxyReading.Refused(ProxyFault.NoHeader);

    private static bool IsPrefix(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        var compared = Math.Min(bytes.Length, signature.Length);
        return bytes[..compared].SequenceEqual(signature[..compared]);
    }
}
