using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>The admin listener.</summary>
public sealed record AdminSettings
{
    /// <summary>Default http://localhost:8081. Any address but loopback needs a token.</summary>
    [Listen("Where health, metrics and purge are; an address other than loopback needs Granary:Admin:Token", several: false, Switch = "--admin", NeedsRestart = true)]
    public ListenAddress Listen { get; init; } = new(false, "localhost", null, 8081);

    /// <summary>The bearer token for everything but health. Default none.</summary>
    [Secret("Bearer token that everything but /health asks for")]
    public string? Token { get; init; }

    /// <summary>1 … 100,000. Default 1,000.</summary>
    [Count("Calls of POST /purge in a second; more wait for up to 2 s, then they are refused with 429", 1, 100_000)]
    public int PurgesPerSecond { get; init; } = 1000;
}
