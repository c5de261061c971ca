using System.Buffers;
using System.Net;
using Granary.Grains.Origin.Addresses;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.ProxyProtocol;

/// <summary>Takes the PROXY header off a connection and lets the connection be the client's that it names. What does not begin with one, or comes from others than the trusted, is closed.</summary>
internal sealed class ProxyProtocolGate(CidrSet trusted, TimeSpan patience, TimeProvider clock)
{
    /// <summary>Null if the header has been taken off; else the connection is to be closed.</summary>
    public async ValueTask<ProxyFault?> Pass(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint sender || !trusted.Contains(sender.Address)) return ProxyFault.NotTrusted;
        using var limit = FirstBytes.Limit(connection, patience, clock);
        try
        {
            return await Read(connection, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return ProxyFault.TimedOut;
        }
        catch (IOException)
        {
            return ProxyFault.Incomplete;
        }
    }

    private static async ValueTask<ProxyFault?> Read(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            switch (Judge(result.Buffer))
            {
                case ProxyReading.Complete(var header, var length):
                    input.AdvanceTo(result.Buffer.GetPosition(length));
                    Tell(connection, header);
                    return null;
                case ProxyReading.Refused(var why):
                    input.AdvanceTo(result.Buffer.End);
                    return why;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted) return ProxyFault.Incomplete;
        }
    }

    private static ProxyReading Judge(ReadOnlySequence<byte> buffer)
    {
        buffer = buffer.Slice(0, Math.Min(buffer.Length, ProxyHeaderReader.Most));
        return ProxyHeaderReader.Read(buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray());
    }

    // Nobody's address is no address: the sender's would give an unknown client the sender's rights.
    private static void Tell(ConnectionContext connection, ProxyHeader header)
    {
        switch (header)
        {
            case ProxyHeader.Client(var source, var destination):
                (connection.RemoteEndPoint, connection.LocalEndPoint) = (source, destination);
                break;
            case ProxyHeader.Unknown:
                connection.RemoteEndPoint = null;
                break;
        }
    }
}
