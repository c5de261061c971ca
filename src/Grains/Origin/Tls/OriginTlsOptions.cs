using System.Security.Authentication;
using Granary.Grains.Certificates;

namespace Granary.Grains.Origin.Tls;

/// <summary>TLS towards origins, where a cluster does not say otherwise.</summary>
public sealed record OriginTlsOptions
{
    /// <summary>A PEM file with the certificates of authorities. Default none: those of the system.</summary>
    public string? Authority { get; init; }

    /// <summary>Whether the authorities of the system count beside it. Default true.</summary>
    public bool TrustsSystem { get; init; } = true;

    /// <summary>What a lone origin is asked for (SNI) and must have in its certificate. Default its host.</summary>
    public string? ServerName { get; init; }

    /// <summary>What configured origins are shown if they ask. Default none.</summary>
    public CertificateFiles? Own { get; init; }

    /// <summary>Default TLS 1.2 and 1.3.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Dangerous, and for configured origins only. Default false.</summary>
    public bool AcceptsAnyCertificate { get; init; }
}
