using System.Net;
using System.Net.Sockets;
using Granary.Edge.Policy;
using Granary.Edge.Users;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tunnels.Socks.Udp;

/// <summary>
/// Decides where datagrams may go, as for a tunnel: (1) that port  (2) by the access policy  (3) no parent lies between, which could not be asked for datagrams  (4) the addresses, each checked
/// (5) the first that there is a way to, which is not ourselves.
/// </summary>
internal sealed class UdpJudging(Admission admission, GuardedConnect connect, OwnListeners own, Func<GranarySettings> settings)
{
    public async Task Decide(UdpTarget target, IPAddress client, ClientIdentity? who, string host, int port, CancellationToken cancellationToken)
    {
        var admitted = default(Admitted.In);
        var found = default((IPEndPoint, IPAddress?)?);
        try
        {
            if (TargetOf(host, port) is { } wanted && await Admit(client, who, wanted, cancellationToken) is (true, var isIn))
            {
                admitted = isIn;
                if (connect.RoadTo(wanted.Host) is null) found = WayTo(isIn?.Addresses ?? await connect.ResolveAsync(wanted.Host, cancellationToken), port, isIn?.From ?? settings().Egress.From);     // (3), (4), (5)
            }
        }
        catch (OriginConnectException)
        {
            // Nowhere: a datagram has no answer that would say so.
        }
        finally
        {
            if (found is null) admitted?.Dispose();
            target.Decide(found?.Item1, found?.Item2, found is null ? null : admitted);
        }
    }

    /// <summary>Whether an address that was decided on is still one that may be.</summary>
    public bool MayStill(IPAddress address) => connect.Allows(address);

    private TunnelTarget? TargetOf(string host, int port) =>                                                            // (1)
        !settings().Tunnels.Ports.Any(range => range.Contains(port)) ? null : IPAddress.TryParse(host, out var literal) && host.Contains(':', StringComparison.Ordinal) ? new TunnelTarget(literal.ToString(), port) : TunnelTarget.Of(host, port);

    // Datagrams cannot be held back to keep a pace, and cannot be looked into: a rule that wants either does not allow them.
    private async ValueTask<(bool MayGo, Admitted.In? In)> Admit(IPAddress client, ClientIdentity? who, TunnelTarget target, CancellationToken cancellationToken)   // (2)
    {
        if (!admission.IsOn) return (true, null);
        if (await admission.Admit(client, who, TunnelWay.Socks5, target, cancellationToken) is not Admitted.In isIn) return (false, null);
        if (isIn is { Pace: null, Inspects: false }) return (true, isIn);
        isIn.Dispose();
        return (false, null);
    }

    private (IPEndPoint, IPAddress?)? WayTo(IPAddress[] addresses, int port, SourceAddresses? from)
    {
        foreach (var address in AddressOrder.Of(addresses, settings().Egress.Families, from, static _ => false))
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                probe.Connect(new IPEndPoint(address, port)); // asks the kernel for the way, and sends nothing
                return own.IsOwn(probe) ? null : (new IPEndPoint(address, port), from?.For(address));
            }
            catch (SocketException)
            {
                // There is none by that family.
            }
        }

        return null;
    }
}
