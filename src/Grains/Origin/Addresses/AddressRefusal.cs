namespace Granary.Grains.Origin.Addresses;

/// <summary>Why a destination address is refused until the operator allows it.</summary>
public enum AddressRefusal
{
    /// <summary>0.0.0.0/8, ::/128: this host.</summary>
    Unspecified,

    /// <summary>127.0.0.0/8, ::1.</summary>
    Loopback,

    /// <summary>An address at which clouds answer with credentials, such as 169.254.169.254.</summary>
    Metadata,

    /// <summary>169.254.0.0/16, fe80::/10.</summary>
    LinkLocal,

    /// <summary>RFC 1918, and fec0::/10.</summary>
    Private,

    /// <summary>100.64.0.0/10, behind a carrier's address translation (RFC 6598).</summary>
    Shared,

    /// <summary>fc00::/7 (RFC 4193).</summary>
    UniqueLocal,

    Multicast,

    Broadcast,

    /// <summary>Networks in examples: RFC 5737, RFC 3849, RFC 9637.</summary>
    Documentation,

    /// <summary>198.18.0.0/15, 2001:2::/48 (RFC 2544, RFC 5180).</summary>
    Benchmarking,

    /// <summary>64:ff9b:1::/48: the site's own translator, to IPv4 addresses at a place only it knows (RFC 8215).</summary>
    LocalTranslation,

    /// <summary>Not given out for use on the Internet.</summary>
    Reserved,
}
