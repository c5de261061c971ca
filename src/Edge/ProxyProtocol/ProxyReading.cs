namespace Granary.Edge.ProxyProtocol;

/// <summary>What came of reading the first bytes of a connection.</summary>
public abstract record ProxyReading
{
    private ProxyReading() { }

    /// <summary>So far it may become a header.</summary>
    public sealed record Undecided : ProxyReading
    {
        public static readonly Undecided Instance = new();
    }

    /// <summary>The first <paramref name="Length"/> bytes are the header.</summary>
    public sealed record Complete(ProxyHeader Header, int Length) : ProxyReading;

    public sealed record Refused(ProxyFault Why) : ProxyReading;
}
