using System.Net.Sockets;
using Granary.Edge.Errors;

namespace Granary.Edge.Tunnels;

/// <summary>What became of the wish for a tunnel.</summary>
internal abstract record Opened
{
    private Opened()
    {
    }

    public sealed record To(Socket Destination) : Opened;

    public sealed record Refused(ForwardError Why) : Opened;
}
