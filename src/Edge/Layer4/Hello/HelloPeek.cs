using System.Buffers;
using Granary.Edge.ProxyProtocol;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Layer4.Hello;

/// <summary>Looks at the ClientHello of a connection and leaves it there.</summary>
internal static class HelloPeek
{
    /// <returns>Never undecided.</returns>
    public static async ValueTask<HelloReading> Look(ConnectionContext connection, TimeSpan patience, TimeProvider clock)
    {
        using var limit = FirstBytes.Limit(connection, patience, clock);
        try
        {
            return await Look(connection, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return new HelloReading.Refused(HelloFault.TimedOut);
        }
        catch (IOException)
        {
            return new HelloReading.Refused(HelloFault.Incomplete);
        }
    }

    private static async ValueTask<HelloReading> Look(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var reading = Judge(result.Buffer);
            var mayBecome = reading is HelloReading.Undecided && !result.IsCompleted;
            input.AdvanceTo(result.Buffer.Start, mayBecome ? result.Buffer.End : result.Buffer.Start);
            if (!mayBecome) return reading is HelloReading.Undecided ? new HelloReading.Refused(HelloFault.Incomplete) : reading;
        }
    }

    private static HelloReading Judge(ReadOnlySequence<byte> buffer)
    {
        buffer = buffer.Slice(0, Math.Min(buffer.Length, ClientHello.Most));
        return ClientHello.Read(buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray());
    }
}
