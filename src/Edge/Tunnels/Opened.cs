using System.Net.Sockets;
using Granary.Edge.Errors;
using Granary.Edge.Policy;

namespace Granary.Edge.Tunnels;

/// <summary>What became of the wish for a tunnel.</summary>
internal abstract record Opened
{
    private Opened()
    {
    }

    /// <param name="Admitted">By the access policy; null where there is none.</param>
    public sealed record To(Socket Destination, Admitted.In? Admitted = null) : Opened, IDisposable
    {
        public void Dispose()
        {
            Destination.Dispose();
            Admitted?.Dispose();
        }
    }

    public sealed record Refused(ForwardError Why) : Opened;
}
