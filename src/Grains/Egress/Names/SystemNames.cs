using System.Net;

namespace Granary.Grains.Egress.Names;

/// <summary>Asks the resolver of the system, on a thread made for it: the call blocks, and slow servers would take all threads away from everything else.</summary>
internal static class SystemNames
{
    public static ValueTask<IPAddress[]> Ask(string host, CancellationToken cancellationToken) =>
        new(Task.Factory.StartNew(static host => Dns.GetHostAddresses((string)host!), host, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));
}
