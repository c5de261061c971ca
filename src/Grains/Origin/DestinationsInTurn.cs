using System.Collections.Immutable;
using Granary.Grains.Origin.Guards;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>
/// Asks the destinations of a route in order of preference, until one answers: a fetch is safe and has no content, so nothing is done twice (RFC 9110 §9.2.1).
/// A destination that took the request and is silent has used up the time there is. One whose guard lets nobody pass has not been tried.
/// </summary>
internal sealed class DestinationsInTurn(OriginClient origin, OriginGuards guards, Func<FetchOptions> options)
{
    public async Task<OriginTurn> Ask(RequestHead request, OriginRoute route, Action<int, FieldLines> onInterim)
    {
        var learned = ImmutableArray<DestinationReport>.Empty;
        for (var next = 0; ; next++)
        {
            var (reply, guard) = await Ask(request, route, guards.Of(route), onInterim);
            if (route.Group is not null && !IsRefusal(reply)) learned = learned.Add(Report(route, reply));
            if (next >= route.Others.Length || learned.Length >= options().Tries || !MayGoOn(reply)) return new OriginTurn(reply, learned, guard);
            if (reply is OriginReply.Responded dismissed) dismissed.Message.Dispose();
            guard?.Leave();
            route = route.To(route.Others[next]);
        }
    }

    private async ValueTask<(OriginReply, OriginGuard?)> Ask(RequestHead request, OriginRoute route, OriginGuard? guard, Action<int, FieldLines> onInterim)
    {
        if (guard is null) return (await origin.Ask(request, route, onInterim), null);
        if (await guard.Enter(hasCircuit: route.Group is not null) is { } refused)
        {
            guards.Refused(guard, refused);
            return (new OriginReply.Failed(new OriginError(refused)), null);
        }

        try
        {
            var reply = await origin.Ask(request, route, onInterim);
            if (route.Group is not null) guard.Learn(reply);
            return (reply, guard);
        }
        catch
        {
            guard.Leave();
            throw;
        }
    }

    private bool MayGoOn(OriginReply reply) => reply switch
    {
        OriginReply.Failed failed => failed.Error.MayBeTriedElsewhere,
        OriginReply.Responded responded => options().RetryStatuses.Contains(responded.Head.Status),
        _ => false,
    };

    private static bool IsRefusal(OriginReply reply) => reply is OriginReply.Failed { Error.Fault: OriginFault.Busy or OriginFault.LeftAlone or OriginFault.NoDestination };

    private static DestinationReport Report(OriginRoute route, OriginReply reply) => reply switch
    {
        OriginReply.Responded responded => new(route.Destination, null, responded.Head.Status),
        OriginReply.Failed failed => new(route.Destination, failed.Error.Fault, 0),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} is not an origin's reply."),
    };
}

/// <summary>What came of it. The place at the destination that answered is held until this is disposed.</summary>
internal sealed record OriginTurn(OriginReply Reply, ImmutableArray<DestinationReport> Learned, OriginGuard? Guard) : IDisposable
{
    public void Dispose() => Guard?.Leave();
}
