using System.Net.Security;

namespace Granary.Edge.Delivery;

/// <summary>How an edge reads content at silos.</summary>
/// <param name="FetchIdleTimeout">How long content may stay away on its way from the origin to the silo, which sees to that itself.</param>
/// <param name="Tls">For content ports behind TLS; null for none.</param>
internal sealed record SiloContentOptions(Func<TimeSpan> FetchIdleTimeout, SslClientAuthenticationOptions? Tls = null)
{
    // A silo's writer may wait that long for a reader slower than us, or for room, before content goes on.
    private static readonly TimeSpan WriterWaits = TimeSpan.FromSeconds(30);

    /// <summary>For the connection, by real time; the head has its own limit. Default 500 ms.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>From the question to the head: a silo that needs longer counts as gone. Default 1 s.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longer than anything that lives may be silent: what breaks at a silo is cut by the silo, at the latest then.</summary>
    public TimeSpan Silence => FetchIdleTimeout() + WriterWaits + HeadTimeout;
}
