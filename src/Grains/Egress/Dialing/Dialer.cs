using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Dialing;

/// <summary>A connection to one address, from another or from the one that the system chooses.</summary>
internal delegate ValueTask<Stream> SourcedConnector(IPEndPoint to, IPAddress? from, CancellationToken cancellationToken);

/// <summary>
/// Connects to one of several addresses, the quickest of the better ones: Happy Eyeballs (RFC 8305 §5). (1) Order them  (2) try the first  (3) begin with the next when an attempt has failed, or has had its delay
/// (4) the first connection counts, all other attempts are ended  (5) if there is none, say what was tried.
/// </summary>
internal sealed class Dialer(Func<DialOptions> options, SourcedConnector connect, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly AvoidedAddresses _avoided = new(() => options().AvoidFor, clock);
    private readonly ConcurrentDictionary<IPAddress, long> _toldOf = new(); // no more than there are in the settings

    /// <param name="host">For the log.</param>
    /// <param name="limit">Ends it.</param>
    /// <param name="deadline">Knows whether time or the caller ended it.</param>
    /// <exception cref="OriginConnectException">No connection, with the reason.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<Stream> Connect(string host, IPAddress[] addresses, int port, SourceAddresses? from, ConnectDeadline deadline, CancellationToken limit)
    {
        var (attempts, now) = (new Attempts(host, logger), options());
        var order = AddressOrder.Of(addresses, now.Families, from, address => _avoided.Has(new IPEndPoint(address, port)));          // (1)
        if (order.Length == 0) throw new OriginConnectException(ConnectFault.Unreachable) { Tried = "no address of a family that is used" };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var running = new List<Attempt>(1);
        try
        {
            for (var next = 0; next < order.Length || running.Count > 0;)
            {
                if (next < order.Length) running.Add(Begin(new IPEndPoint(order[next++], port), from, over.Token));                  // (2), (3)
                if (await Ended(running, next < order.Length ? now.AttemptDelay : null) is not { } ended) continue;
                running.Remove(ended);
                if (ended.Task.IsCompletedSuccessfully) return Won(ended, running);                                                // (4)
                if (Fault(ended, deadline) is not { } fault) throw new OperationCanceledException(limit);
                attempts.Failed(ended.To, fault, clock.GetElapsedTime(ended.Begun));
                if (fault.Fault is ConnectFault.SourceUnusable) Complain(from!.For(ended.To.Address)!);
                else _avoided.Failed(ended.To);
            }

            throw attempts.Exception();                                                                                              // (5)
        }
        finally
        {
            await over.CancelAsync();
            foreach (var late in running) _ = Close(late.Task);
        }
    }

    private Attempt Begin(IPEndPoint to, SourceAddresses? from, CancellationToken cancellationToken) => new(to, Try(to, from?.For(to.Address), cancellationToken), clock.GetTimestamp());

    // Whatever a connector throws at once is an attempt that failed.
    private async Task<Stream> Try(IPEndPoint to, IPAddress? from, CancellationToken cancellationToken) => await connect(to, from, cancellationToken).ConfigureAwait(false);

    /// <returns>Null if the next attempt is due.</returns>
    private async ValueTask<Attempt?> Ended(List<Attempt> running, TimeSpan? patience)
    {
        if (running.Find(static attempt => attempt.Task.IsCompleted) is { } already) return already;
        if (patience is null && running is [var last])
        {
            await ((Task)last.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return last;
        }

        using var enough = new CancellationTokenSource();
        var tasks = running.ConvertAll(static Task (attempt) => attempt.Task);
        if (patience is { } delay) tasks.Add(Task.Delay(delay, clock, enough.Token));
        var first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await enough.CancelAsync();
        return running.Find(attempt => attempt.Task == first);
    }

    private void Complain(IPAddress source)
    {
        if (_toldOf.TryGetValue(source, out var at) && clock.GetElapsedTime(at) < Quiet) return;
        _toldOf[source] = clock.GetTimestamp();
        logger.SourceUnusable(source);
    }

    // Whoever was begun before, and is overtaken, is as slow the next time.
    private Stream Won(Attempt winner, List<Attempt> others)
    {
        _avoided.Succeeded(winner.To);
        foreach (var other in others)
            if (other.Begun < winner.Begun) _avoided.Failed(other.To);
        return winner.Task.Result;
    }

    /// <returns>Null if the caller gave up.</returns>
    private static OriginConnectException? Fault(Attempt ended, ConnectDeadline deadline) => ended.Task.Exception?.InnerException switch
    {
        OriginConnectException known => known,
        SocketException refused => new OriginConnectException(GuardedConnect.FaultOf(refused), refused),
        { } other => new OriginConnectException(ConnectFault.Unreachable, other),
        null => deadline.WasItself ? new OriginConnectException(ConnectFault.ConnectTimedOut) : null,
    };

    private static async Task Close(Task<Stream> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (late.IsCompletedSuccessfully) await late.Result.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Attempt(IPEndPoint To, Task<Stream> Task, long Begun);
}
