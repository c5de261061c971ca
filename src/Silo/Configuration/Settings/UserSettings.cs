using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Who the clients of the forward proxy are: RFC 9110 §11.7. Files are read again when they change.</summary>
public sealed record UserSettings
{
    /// <summary>Default false: who says who it is has to be right, who says nothing is let in.</summary>
    [Flag("Whether the forward proxy and its tunnels serve only clients that are known by name")]
    public bool Required { get; init; }

    /// <summary>Default proxy.</summary>
    [FieldValue("What people are asked a password for")]
    public string Realm { get; init; } = "proxy";

    /// <summary>Default none.</summary>
    [File("Passwords as htpasswd writes them: bcrypt, SHA-512 and SHA-256 crypt, apr1 or {SHA}")]
    public string? File { get; init; }

    /// <summary>Default none.</summary>
    [File("Groups of users, a line for each: group: user user")]
    public string? Groups { get; init; }

    /// <summary>Default Off.</summary>
    [OneOf("Whether a client's certificate says who it is, and which name in it", typeof(CertificateUser))]
    public CertificateUser Certificates { get; init; }

    /// <summary>0 … 1 d. Default 5 min.</summary>
    [Duration("How long credentials that were right need not be verified again; a new file ends it at once", "0", "1d")]
    public TimeSpan Remember { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>1 … 64. Default 2.</summary>
    [Count("Passwords that are verified at once: it is slow on purpose", 1, 64, NeedsRestart = true)]
    public int Verifications { get; init; } = 2;

    public BearerSettings Bearer { get; init; } = new();
}

/// <summary>Which name in a certificate is that of the user.</summary>
public enum CertificateUser
{
    /// <summary>None is.</summary>
    Off,

    /// <summary>The common name of the subject.</summary>
    CommonName,

    /// <summary>The first DNS name among the alternative ones.</summary>
    DnsName,

    /// <summary>The mail address among the alternative names, or in the subject.</summary>
    Email,
}
