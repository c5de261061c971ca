using System.Net;
using System.Net.Sockets;
using Granary.Silo.Hosting;

namespace Granary.Silo.Tests.Hosting;

public sealed class HeldPortsTests
{
    [Fact]
    public void A_free_port_is_picked_and_another_each_time()
    {
        using var ports = new HeldPorts();
        var picked = Enumerable.Range(0, 50).Select(_ => ports.Hold(IPAddress.Loopback, 0, "a port")).ToHashSet();
        Assert.Equal(50, picked.Count);
    }

    [Fact]
    public void A_port_on_which_somebody_listens_is_said_to_be_taken_and_by_which_key()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var port = ((IPEndPoint)somebody.LocalEndpoint).Port;
        using var ports = new HeldPorts();
        var taken = Assert.Throws<IOException>(() => ports.Hold(IPAddress.Loopback, port, "Granary:Cluster:SiloPort"));
        Assert.StartsWith($"Granary:Cluster:SiloPort cannot be 127.0.0.1:{port}", taken.Message, StringComparison.Ordinal);
    }
}
