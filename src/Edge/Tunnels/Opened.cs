using System.Net.Sockets;
using Granary.Edge.Errors;
using Granary.Edge.Policy;
using Granary.Edge.Users;

namespace Granary.Edge.Tunnels;

/// <summary>What became of the wish for a tunnel.</summary>
internal abstract record Opened
{
    private Opened()
    {
    }

    /// <summary>The client may begin.</summary>
    /// <param name="Admitted">By the access policy; null where there is none.</param>
    public abstract record Ready(Admitted.In? Admitted) : Opened, IDisposable
    {
        public abstract void Dispose();
    }

    public sealed record To(Socket Destination, Admitted.In? Admitted = null) : Ready(Admitted)
    {
        public override void Dispose()
        {
            Destination.Dispose();
            Admitted?.Dispose();
        }
    }

    /// <summary>To nobody yet: what the client begins with is looked at first.</summary>
    public sealed record Inspected(Admitted.In Admitted, ClientIdentity? User) : Ready(Admitted)
    {
        public override void Dispose() => Admitted?.Dispose();
    }

    public sealed record Refused(ForwardError Why) : Opened;
}
