using System.Net;
using System.Net.Sockets;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Names;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Parents;

/// <summary>
/// Connects through parents: for each, the best first, (1) connect to it, in its share of the time  (2) ask it for the destination  (3) let its health hear of it. What a parent says of the destination is the answer;
/// if it fails itself the next one is asked, and when none is left the destination is gone to directly, or not at all.
/// </summary>
internal sealed class ParentConnect(ParentRoads roads, NameResolver resolve, Dialer dialer, string pseudonym, ILogger logger)
{
    public ParentRoads Roads => roads;

    /// <summary>To a destination.</summary>
    /// <param name="name">As it is handed on: <see cref="NamesForOthers"/>, or an address.</param>
    /// <param name="via">Of the request that asks for it; null: none.</param>
    /// <returns>Null: it has to be gone to directly.</returns>
    /// <exception cref="OriginConnectException">No connection, with the reason.</exception>
    public ValueTask<Stream?> To(ParentRoad road, string name, int port, string? via, SourceAddresses? from, ConnectDeadline deadline)
    {
        var authority = name.Contains(':', StringComparison.Ordinal) ? $"[{name}]:{port}" : $"{name}:{port}";
        var credentials = road.Group.Credentials;
        return ThroughOne(road, authority, from, deadline, (stream, limit) => road.Group.Protocol is ParentProtocol.Socks5
            ? Socks5Parent.Open(stream, name, port, credentials, limit)
            : HttpParent.Open(stream, authority, string.IsNullOrEmpty(via) ? $"1.1 {pseudonym}" : $"{via}, 1.1 {pseudonym}", credentials, limit));
    }

    /// <summary>To one of the parents themselves.</summary>
    /// <inheritdoc cref="To"/>
    public ValueTask<Stream?> ToOne(ParentRoad road, SourceAddresses? from, ConnectDeadline deadline) => ThroughOne(road, "any host", from, deadline, static (_, _) => ValueTask.CompletedTask);

    private async ValueTask<Stream?> ThroughOne(ParentRoad road, string authority, SourceAddresses? from, ConnectDeadline deadline, Func<NetworkStream, CancellationToken, ValueTask> ask)
    {
        var ways = road.All.Length + (road.Group.FallsBack ? 1 : 0);
        foreach (var parent in road.InOrder())
        {
            using var share = deadline.ShareAmong(Math.Max(1, ways--));
            if (await Try(road, parent, authority, from, ask, deadline, share.Token).ConfigureAwait(false) is { } stream) return stream;
        }

        if (!road.Group.FallsBack) throw new OriginConnectException(ConnectFault.ParentsUnavailable);
        logger.GoesDirectly(road.Group.Name, authority);
        return null;
    }

    private async ValueTask<Stream?> Try(
        ParentRoad road, Parent parent, string authority, SourceAddresses? from, Func<NetworkStream, CancellationToken, ValueTask> ask, ConnectDeadline deadline, CancellationToken limit)
    {
        var stream = default(Stream);
        try
        {
            stream = await Reach(parent, from, deadline, limit).ConfigureAwait(false);                      // (1)
            await ask((NetworkStream)stream, limit).ConfigureAwait(false);                                  // (2)
            Well(road, parent);                                                                             // (3)
            var mine = stream;
            stream = null;
            return mine;
        }
        catch (OriginConnectException) when (stream is not null)
        {
            Well(road, parent); // it speaks of the destination
            throw;
        }
        catch (Exception failed) when (failed is IOException or SocketException || (failed is OperationCanceledException && deadline.WasItself))
        {
            parent.Failed(authority, ReasonOf(failed));
            roads.Used(road, parent, ok: false);
            return null;
        }
        finally
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<Stream> Reach(Parent parent, SourceAddresses? from, ConnectDeadline deadline, CancellationToken limit)
    {
        var addresses = await Asking.Addresses(resolve, parent.At.Host, deadline, limit).ConfigureAwait(false);
        return await dialer.Connect(parent.At.Host, addresses, parent.At.Port, from, deadline, limit).ConfigureAwait(false);
    }

    private void Well(ParentRoad road, Parent parent)
    {
        parent.Succeeded();
        roads.Used(road, parent, ok: true);
    }

    private static string ReasonOf(Exception failed) => failed switch
    {
        OriginConnectException e => $"{e.Fault}",
        ParentRefusedException e => e.Message,
        OperationCanceledException => "it does not answer in time",
        EndOfStreamException => "it closed the connection",
        _ => failed.GetType().Name,
    };
}
