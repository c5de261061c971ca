using Granary.Grains.Copies;
using Granary.Grains.Leases;
using Granary.Grains.Members;
using Granary.Grains.Tests.Copies;
using Silo = Granary.Grains.Tests.Copies.Silo;

namespace Granary.Grains.Tests.Leases;

/// <summary>An edge at a silo, by the product's own listening and granting.</summary>
internal static class Desk
{
    public static Task<MemberReply> Hears(this Silo silo, MemberCall.Listen call, CancellationToken gone = default) => silo.The<Listening>().Listen(call, gone);

    /// <summary>Has a session now.</summary>
    public static async Task<Edge> Begins(this Silo silo, string name = "edge")
    {
        var edge = new Edge(name, silo.Cluster.Clock);
        await silo.Polls(edge);
        return edge;
    }

    /// <summary>One poll, and its answer is heard.</summary>
    public static async Task<MemberReply> Polls(this Silo silo, Edge edge, CancellationToken gone = default)
    {
        var poll = edge.Polls();
        var reply = await silo.Hears(poll.Call, gone);
        if (reply is MemberReply.Heard heard) edge.Hears(poll, heard);
        return reply;
    }

    public static MemberReply Leases(this Silo silo, Edge edge, string uri, params CopySource[] known) =>
        silo.The<Granting>().Grant(new MemberCall.Lease(edge.Name, edge.Session, uri, [.. known]));

    /// <summary>Holds it now.</summary>
    public static void Holds(this Silo silo, Edge edge, string uri)
    {
        var ask = edge.Asks(uri)!;
        edge.Takes(ask, Assert.IsType<MemberReply.Leased>(silo.The<Granting>().Grant(ask.Call)));
    }

    /// <summary>Contents are numbered as they come.</summary>
    public static void Takes(this Edge edge, Edge.Ask ask, MemberReply.Leased leased) =>
        edge.Takes(ask, leased.Copies[0].Content.Id, leased.Copies[0].Membership?.Since ?? 0);

    public static string Why(this MemberReply reply) => Assert.IsType<MemberReply.NotLeased>(reply).Why;
}
