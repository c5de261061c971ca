using Granary.Edge.Users;

namespace Granary.Edge.Tunnels.Socks;

/// <summary>What a SOCKS client wants.</summary>
/// <param name="Target">Null if that cannot be had.</param>
/// <param name="Refusal">The answer then; null: none, it was not understood, or has been answered.</param>
internal readonly record struct SocksWish(TunnelTarget? Target, SocksReply? Refusal)
{
    /// <summary>Who the client has proved to be.</summary>
    public ClientIdentity? Who { get; init; }

    /// <summary>It wants datagrams to be relayed, and says where it will send from; 0: that is not known yet. RFC 1928 §6.</summary>
    public int? UdpFrom { get; init; }

    public static SocksWish Of(TunnelTarget? target) => target is { Port: > 0 } ? new SocksWish(target, null) : new SocksWish(null, SocksReply.GeneralFailure);
}
