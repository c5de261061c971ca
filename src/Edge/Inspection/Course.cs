using Granary.Edge.Tunnels;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Inspection;

/// <summary>What becomes of a tunnel that a rule inspects, once its client has begun.</summary>
internal abstract record Course
{
    private Course()
    {
    }

    /// <param name="Host">Whose certificate the client is shown, and who is asked.</param>
    public sealed record Open(string Host) : Course;

    /// <summary>It is left as it is.</summary>
    public sealed record Splice : Course;

    /// <summary>
    /// The client has asked for an address and means a name. From now on it has asked for the name: that is what rules judge, and what is resolved here. Where else the address may lead, nobody has to know.
    /// </summary>
    public sealed record GoTo(TunnelTarget Named) : Course;

    public sealed record Refuse(InspectionFault Why) : Course;

    /// <param name="target">As it was asked for.</param>
    public static Course Of(Beginning beginning, TunnelTarget target, NotTls others)
    {
        if (HostName.Normal(target.Host, out var isAddress) is not { } host) return new Refuse(InspectionFault.OtherName);
        return beginning switch
        {
            Beginning.Other => others is NotTls.Splice ? new Splice() : new Refuse(InspectionFault.NotTls),
            Beginning.Unreadable(var why) => new Refuse(InspectionFaults.Of(why)),
            Beginning.Tls({ } name) when !name.Equals(host, StringComparison.Ordinal) => isAddress ? new GoTo(new TunnelTarget(name, target.Port)) : new Refuse(InspectionFault.OtherName),
            _ => new Open(host),
        };
    }
}
