using Granary.Edge.Routing;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Hiding;

/// <summary>A name behind the proxy.</summary>
/// <param name="Outer">What stands for it; null: the name that the client has asked for.</param>
internal sealed record InnerName(OriginName Name, OriginName? Outer)
{
    /// <summary>Whether that host and port, in a reference with that scheme, is this server.</summary>
    public bool Is(string scheme, string host, int port) =>
        host == Name.Host && (port == Name.Port || (Name.HasDefaultPort && scheme != Name.Scheme && port == OriginName.DefaultPort(scheme)));

    /// <summary>All names that a response for this destination may name: any destination of the cluster may have answered it, and may have gone since.</summary>
    public static List<InnerName> Of(Destination.Origin destination, IEnumerable<NamePair> pairs)
    {
        var names = new List<InnerName>(pairs.Select(static pair => new InnerName(pair.Inner, pair.Outer)));
        Add(names, destination.Route.Destination, destination.Route.Host);
        if (destination.Routed is { } routed)
            foreach (var state in routed.Proxy.AllDestinations) Add(names, state.Model.Config.Address, state.Model.Config.Host);
        return names;
    }

    private static void Add(List<InnerName> names, string address, string? host)
    {
        if (OriginName.Parse(address) is not { } name) return;
        Add(names, name);
        if (host is not null && OriginName.HostAndPort(host, OriginName.DefaultPort(name.Scheme)) is var (called, port)) Add(names, name with { Host = called, Port = port });
    }

    private static void Add(List<InnerName> names, OriginName name)
    {
        if (!names.Exists(each => each.Name == name)) names.Add(new InnerName(name, null));
    }
}
