using System.Net;
using System.Net.Sockets;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Names;

/// <summary>
/// The addresses of names, remembered for a while: (1) what is known and not old is given  (2) else the resolver is asked, once for all who want the same  (3) what it says, or that it says nothing, is remembered
/// (4) where it says nothing, what it said before may do. What is given has not been judged: whoever connects checks each address, each time.
/// </summary>
/// <param name="ask">Fails by a <see cref="SocketException"/>. May go on after it was cancelled.</param>
public sealed class NameCache(Func<NameOptions> options, TimeProvider clock, NameMeter meter, ILogger<NameCache> logger, NameResolver? ask = null) : IDisposable
{
    private readonly NameResolver _ask = ask ?? SystemNames.Ask;
    private readonly KnownNames _known = new(options, clock);
    private readonly SemaphoreSlim _turns = new(options().MostLookups);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<Found>> _underWay = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that are remembered.</summary>
    public int Count => _known.Count;

    /// <exception cref="SocketException">There are none, or the resolver did not say in time.</exception>
    public async ValueTask<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        if (_known.Find(host) is { } known) return Given(known, NameSource.Cache);                       // (1)
        var found = await LookUp(host).WaitAsync(cancellationToken).ConfigureAwait(false);               // (2)
        if (found.Addresses is null && _known.FindStale(host) is { } stale) return Given(stale, NameSource.Stale); // (4)
        return Given(found, NameSource.Resolver);
    }

    /// <summary>The next who wants it asks anew.</summary>
    public void Forget(string host) => _known.Forget(host);

    public void Dispose() => _turns.Dispose();

    private IPAddress[] Given(Found found, NameSource source)
    {
        meter.Gave(source, found.Addresses is not null);
        return found.Addresses ?? throw new SocketException((int)found.Error);
    }

    private Task<Found> LookUp(string host)
    {
        lock (_gate)
        {
            if (_underWay.TryGetValue(host, out var shared)) return shared;
            return _underWay[host] = Task.Run(() => Ask(host)); // it takes the lock before it ends
        }
    }

    // Nobody's own cancellation ends it: others may wait for the same.
    private async Task<Found> Ask(string host)
    {
        var begun = clock.GetTimestamp();
        var found = new Found(null, SocketError.TryAgain);
        try
        {
            found = await AskInTurn(host).ConfigureAwait(false);
            _known.Remember(host, found);                                                                // (3)
        }
        finally
        {
            lock (_gate) _underWay.Remove(host);
        }

        var after = clock.GetElapsedTime(begun);
        meter.LookedUp(found, after);
        logger.NameLookedUp(host, after, found.Addresses is { } all ? $"{all.Length} addresses" : $"{found.Error}");
        return found;
    }

    private async Task<Found> AskInTurn(string host)
    {
        using var late = new CancellationTokenSource(options().Timeout, clock);
        try
        {
            await _turns.WaitAsync(late.Token).ConfigureAwait(false);
            var asked = AskThenLeave(host, late.Token);
            var addresses = await asked.WaitAsync(late.Token).ConfigureAwait(false);
            return addresses.Length > 0 ? new Found(addresses) : new Found(null, SocketError.NoData);
        }
        catch (OperationCanceledException)
        {
            return new Found(null, SocketError.TimedOut);
        }
        catch (SocketException failed)
        {
            return new Found(null, failed.SocketErrorCode);
        }
        catch (ArgumentException) // over 255 characters, or not a name
        {
            return new Found(null, SocketError.HostNotFound);
        }
    }

    // A look-up that nobody waits for any more still has its thread.
    private async Task<IPAddress[]> AskThenLeave(string host, CancellationToken late)
    {
        try
        {
            return await _ask(host, late).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }
}

/// <summary>What a look-up came to.</summary>
/// <param name="Addresses">Null: none, for that <paramref name="Error"/>.</param>
internal sealed record Found(IPAddress[]? Addresses, SocketError Error = SocketError.Success);
