using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>TLS towards clients, on listeners with <c>https</c>. Certificates and the files of them hold as soon as they are read again.</summary>
public sealed record ServerTlsSettings
{
    /// <summary>Default none: the certificate of Kestrel's own section.</summary>
    public ImmutableArray<CertificateSettings> Certificates { get; init; } = [];

    /// <summary>Default Default.</summary>
    [OneOf("What becomes of a client that asks for a name which no certificate has, or for none: the certificate for *, else the first one; or its handshake is refused unless there is one for *", typeof(UnknownHosts))]
    public UnknownHosts UnknownHosts { get; init; }

    /// <summary>Default Tls12.</summary>
    [OneOf("Oldest version that is spoken", typeof(TlsVersion))]
    public TlsVersion MinVersion { get; init; }

    /// <summary>100 ms … 5 min. Default 10 s.</summary>
    [Duration("Time for a handshake", "100ms", "5m", NeedsRestart = true)]
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>1 … 100,000. Default 1,000.</summary>
    [Count("Handshakes under way at once; more connections are closed", 1, 100_000)]
    public int MaxHandshakes { get; init; } = 1000;

    /// <summary>Default Off.</summary>
    [OneOf("Whether clients are asked for a certificate, and whether one without is let in", typeof(ClientCertificates))]
    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>Default none: has to be given where clients are asked.</summary>
    [File("Certificates of the authorities whose clients are let in: PEM")]
    public string? ClientAuthority { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether revocation of client certificates is asked for online; what cannot be found out is then refused")]
    public bool CheckRevocation { get; init; }

    /// <summary>Default none.</summary>
    [Token("Request field that tells the origin the subject of the client's certificate; from clients it is never taken", most: 64)]
    public string? ClientSubjectField { get; init; }

    /// <summary>Default false.</summary>
    [Flag("Whether HTTP/3 is spoken as well, where the platform has it (libmsquic)", NeedsRestart = true)]
    public bool Http3 { get; init; }

    /// <summary>Default none.</summary>
    [HttpListeners("Listeners with http that send clients to https with 308; /.well-known/acme-challenge/ is served as ever")]
    public HttpListeners RedirectFrom { get; init; } = HttpListeners.None;

    /// <summary>Default that of the first listener with https.</summary>
    [Count("Port that they are sent to", 1, 65_535, DefaultText = "that of the first listener with https")]
    public int? RedirectPort { get; init; }

    public HstsSettings Hsts { get; init; } = new();
}
