using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Edge.Layer4.Destinations;

/// <summary>Connects to the first destination that takes a connection: those that may be tried in order, then, for want of them, those that are out.</summary>
internal sealed class Connecting(GuardedConnect connect)
{
    /// <returns>Null if none took it. The destination has been counted as opened.</returns>
    public async ValueTask<Connected?> ToOneOf(DestinationGroup group, IPAddress? client, int nth, CancellationToken cancellationToken)
    {
        List<Destination>? passedOver = null;
        foreach (var destination in group.Order(client))
        {
            if (!destination.Verdict.MayBeTried()) (passedOver ??= []).Add(destination);
            else if (await Try(destination, nth, cancellationToken) is { } socket) return new Connected(destination, socket);
        }

        foreach (var destination in passedOver ?? [])
            if (await Try(destination, nth, cancellationToken) is { } socket) return new Connected(destination, socket);
        return null;
    }

    /// <summary>Connects, and lets the verdict on the destination hear how it went.</summary>
    public async ValueTask<Socket?> Try(Destination destination, int nth, CancellationToken cancellationToken)
    {
        destination.Opened();
        try
        {
            var stream = (NetworkStream)await connect.ConnectAsync(destination.Place.Host, destination.Port(nth), cancellationToken);
            destination.Verdict.Succeeded();
            return stream.Socket;
        }
        catch (OriginConnectException)
        {
            destination.Closed();
            destination.Verdict.Failed();
            return null;
        }
        catch (OperationCanceledException)
        {
            destination.Closed();
            throw;
        }
    }
}

/// <summary>A connection to a destination.</summary>
internal readonly record struct Connected(Destination Destination, Socket Socket);
