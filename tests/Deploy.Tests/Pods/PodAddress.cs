using System.Net;
using System.Security.Cryptography;

namespace Granary.Deploy.Tests.Pods;

/// <summary>Where a pod is on this machine: a loopback address of its own, and for each port of its containers another that is hardly anybody's; the same for all pods of a workload.</summary>
internal sealed class PodAddress(Dictionary<int, int> ports)
{
    // Below the ports that the system gives out by itself.
    private const int FirstPort = 20_000, LastPort = 30_000;

    public IPAddress IP { get; } = new([127, (byte)RandomNumberGenerator.GetInt32(1, 255), (byte)RandomNumberGenerator.GetInt32(1, 255), (byte)RandomNumberGenerator.GetInt32(1, 255)]);

    public int this[int containerPort] => ports.TryGetValue(containerPort, out var port) ? port : ports[containerPort] = Free();

    private int Free()
    {
        int port;
        do port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);
        while (ports.ContainsValue(port));
        return port;
    }
}
