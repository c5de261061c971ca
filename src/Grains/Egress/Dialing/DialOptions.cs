namespace Granary.Grains.Egress.Dialing;

/// <summary>How one of several addresses is connected to.</summary>
public sealed record DialOptions
{
    public static readonly DialOptions Default = new();

    public AddressFamilies Families { get; init; }

    /// <summary>How long an attempt has before the next begins beside it. RFC 8305 §8: 250 ms, not below 10 ms.</summary>
    public TimeSpan AttemptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an address that could not be connected to is tried after the others; zero: never. Default 1 min.</summary>
    public TimeSpan AvoidFor { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Which families of addresses are connected to, and which first.</summary>
public enum AddressFamilies
{
    /// <summary>In turns, IPv6 first. RFC 8305 §4.</summary>
    IPv6First,

    /// <summary>In turns, IPv4 first.</summary>
    IPv4First,

    /// <summary>No IPv4.</summary>
    IPv6Only,

    /// <summary>No IPv6.</summary>
    IPv4Only,
}
