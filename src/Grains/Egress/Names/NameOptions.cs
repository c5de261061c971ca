namespace Granary.Grains.Egress.Names;

/// <summary>How long what the resolver said is remembered. It does not tell how long it may be: <c>getaddrinfo</c> knows no TTL.</summary>
public sealed record NameOptions
{
    public static readonly NameOptions Default = new();

    /// <summary>Of one look-up. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 30 s; zero: each connection asks.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A name that has no address, or whose servers did not say. Default 5 s.</summary>
    public TimeSpan KeepMissing { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After <see cref="Keep"/>, if a look-up fails. Default zero: never.</summary>
    public TimeSpan KeepStale { get; init; }

    /// <summary>Names. Default 10,000.</summary>
    public int Most { get; init; } = 10_000;

    /// <summary>Look-ups at a time; each takes a thread. Default 64.</summary>
    public int MostLookups { get; init; } = 64;
}
