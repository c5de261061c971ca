namespace Granary.Edge.Layer4.Hello;

/// <summary>What came of reading the beginning of a TLS connection.</summary>
public abstract record HelloReading
{
    private HelloReading() { }

    /// <summary>So far it may become a ClientHello.</summary>
    public sealed record Undecided : HelloReading
    {
        public static readonly Undecided Instance = new();
    }

    /// <param name="Host">In lower case.</param>
    public sealed record Named(string Host) : HelloReading;

    public sealed record Refused(HelloFault Why) : HelloReading;
}
