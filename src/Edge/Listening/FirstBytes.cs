using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Granary.Edge.Listening;

/// <summary>Looks at the first bytes of a connection without consuming them.</summary>
internal static class FirstBytes
{
    /// <param name="patience">How long a client may be silent.</param>
    /// <param name="judge">What these bytes say; null if more are needed.</param>
    /// <param name="other">What they are when there will not be more.</param>
    /// <returns>Null if nothing came: the connection is over, or was silent for too long, or the server stops.</returns>
    public static async ValueTask<T?> Look<T>(ConnectionContext connection, TimeSpan patience, TimeProvider clock, Func<ReadOnlySequence<byte>, T?> judge, T other)
        where T : struct
    {
        using var silent = new CancellationTokenSource(patience, clock);
        // A server that stops waits for its connections: one that has said nothing yet must not make it wait.
        var stops = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        await using var stop = stops.UnsafeRegister(static silent => ((CancellationTokenSource)silent!).Cancel(), silent);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(silent.Token);
                var (first, isEmpty, isLast) = (result.Buffer.IsEmpty ? null : judge(result.Buffer), result.Buffer.IsEmpty, result.IsCompleted);
                input.AdvanceTo(result.Buffer.Start, first is null && !isLast ? result.Buffer.End : result.Buffer.Start);
                if (first is not null) return first;
                if (isLast) return isEmpty ? null : other;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
