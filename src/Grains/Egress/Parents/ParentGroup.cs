using System.Collections.Immutable;
using System.Net;

namespace Granary.Grains.Egress.Parents;

/// <summary>Proxies that lead to the same destinations.</summary>
/// <param name="Name">What the operator calls them.</param>
/// <param name="Serves">Whether a host is theirs. Asked with the host as it was named.</param>
public sealed record ParentGroup(string Name, Func<string, bool> Serves)
{
    /// <summary>In order of preference. None: what is served is gone to directly.</summary>
    public ImmutableArray<DnsEndPoint> Proxies { get; init; } = [];

    public ParentProtocol Protocol { get; init; }

    /// <summary>Each begins in its turn; else the first that is well is taken.</summary>
    public bool InTurns { get; init; }

    /// <summary>Where none of them can be used, the destination is gone to directly.</summary>
    public bool FallsBack { get; init; }

    /// <summary>Null: they need none.</summary>
    public ParentCredentials? Credentials { get; init; }

    /// <summary>Failures in a row after which one is left out; 0: never. Default 2.</summary>
    public int Failures { get; init; } = 2;

    /// <summary>For how long, before a connection tries it again. Default 30 s.</summary>
    public TimeSpan OutFor { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What a parent speaks.</summary>
public enum ParentProtocol
{
    /// <summary>Absolute-form for http, CONNECT for all else. RFC 9112 §3.2.2, RFC 9110 §9.3.6.</summary>
    Http,

    /// <summary>SOCKS 5. RFC 1928, RFC 1929.</summary>
    Socks5,
}

/// <summary>Who we are to a parent.</summary>
public sealed record ParentCredentials(string User, string Password)
{
    /// <summary>RFC 7617 §2.</summary>
    public string Basic => $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{Password}"))}";

    // A record would write the password.
    public override string ToString() => User;
}
