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
}
