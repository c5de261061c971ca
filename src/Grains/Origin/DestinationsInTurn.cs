using System.Collections.Immutable;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>
/// Asks the destinations of a route in order of preference, until one answers: a fetch is safe and has no content, so nothing is done twice (RFC 9110 §9.2.1).
/// A destination that took the request and is silent has used up the time there is.
/// </summary>
internal sealed class DestinationsInTurn(OriginClient origin, Func<FetchOptions> options)
{
    public async Task<(OriginReply Reply, ImmutableArray<DestinationReport> Learned)> Ask(RequestHead request, OriginRoute route, Action<int, FieldLines> onInterim)
    {
        var learned = ImmutableArray<DestinationReport>.Empty;
        for (var next = 0; ; next++)
        {
            var reply = await origin.Ask(request, route, onInterim);
            if (route.Group is null) return (reply, learned);
            learned = learned.Add(Report(route, reply));
            if (next >= route.Others.Length || next + 1 >= options().Tries || !MayGoOn(reply)) return (reply, learned);
            if (reply is OriginReply.Responded dismissed) dismissed.Message.Dispose();
            route = route.To(route.Others[next]);
        }
    }

    private bool MayGoOn(OriginReply reply) => reply switch
    {
        OriginReply.Failed failed => failed.Error.MayBeTriedElsewhere,
        OriginReply.Responded responded => options().RetryStatuses.Contains(responded.Head.Status),
        _ => false,
    };

    private static DestinationReport Report(OriginRoute route, OriginReply reply) => reply switch
    {
        OriginReply.Responded responded => new(route.Destination, null, responded.Head.Status),
        OriginReply.Failed failed => new(route.Destination, failed.Error.Fault, 0),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} is not an origin's reply."),
    };
}
