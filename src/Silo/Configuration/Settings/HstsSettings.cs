using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Strict-Transport-Security on answers over TLS. RFC 6797.</summary>
public sealed record HstsSettings
{
    /// <summary>0 … 3650 d; 0 is none. Default 0.</summary>
    [Duration("How long browsers shall come by https alone (Strict-Transport-Security); 0 leaves the field to origins", "0", "3650d")]
    public TimeSpan MaxAge { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether that holds for all names below the host as well")]
    public bool IncludeSubDomains { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether browsers may have the host on their built-in lists")]
    public bool Preload { get; init; }
}
