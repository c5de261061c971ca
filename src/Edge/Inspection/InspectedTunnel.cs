using Granary.Edge.Tunnels;
using Granary.Edge.Users;
using Granary.Semantics.Messages;

namespace Granary.Edge.Inspection;

/// <summary>The tunnel that a request has come by: its target is asked and nobody else, by the client that has opened it.</summary>
internal sealed class InspectedTunnel
{
    private readonly string _root;

    private InspectedTunnel(string root, TunnelWay way, ClientIdentity? user) => (_root, Way, User) = (root, way, user);

    public TunnelWay Way { get; }

    public ClientIdentity? User { get; }

    /// <summary>Something was asked in it.</summary>
    public bool HasAsked { get; set; }

    /// <summary>Null: it is no such request.</summary>
    public static InspectedTunnel? Of(HttpContext context) => context.Features.Get<InspectedTunnel>();

    /// <returns>Null if no URI can have that target.</returns>
    public static InspectedTunnel? To(TunnelTarget target, TunnelWay way, ClientIdentity? user) =>
        TargetUri.Effective(Uri.UriSchemeHttps, $"{target}", "/") is { } root ? new InspectedTunnel(root, way, user) : null;

    /// <param name="uri">The normalised target URI.</param>
    public bool Leads(string uri) => uri.StartsWith(_root, StringComparison.Ordinal);
}
