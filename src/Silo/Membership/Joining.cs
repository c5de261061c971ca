using System.Net.Sockets;
using Granary.Silo.Admin;
using Granary.Silo.Hosting;
using Orleans.Runtime;

namespace Granary.Silo.Membership;

/// <summary>What has to be so before a silo joins.</summary>
internal sealed class Joining(Redis redis, IMembershipTable table, ILocalSiloDetails self, TimeProvider clock, ILogger<Joining> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A living silo writes the time into its row this often; one more for the way.
    private static readonly TimeSpan SignOfLife = MembershipTuning.TablePeriod + TimeSpan.FromSeconds(2);

    /// <summary>Redis may come after us.</summary>
    public async Task WaitForRedis(Readiness readiness, string part, CancellationToken cancellation)
    {
        var complaint = new NowAndThen(clock);
        while (await WhyNoRedis(cancellation) is { } why)
        {
            readiness.NotReady(part, "Waiting for Redis.");
            if (complaint.IsTime()) logger.WaitingForRedis(redis.Name, why);
            await Task.Delay(Period, clock, cancellation);
        }

        readiness.NotReady(part, "Joining.");
    }

    /// <summary>Two silos of one name would share their URLs between them at random. The one that was there first stays.</summary>
    /// <exception cref="IOException">There is a living silo with this name.</exception>
    public async Task RefuseNamesake(CancellationToken cancellation)
    {
        var namesakes = await Namesakes(cancellation);
        foreach (var silo in namesakes.Keys.ToList())
            if (!await Listens(silo, cancellation)) namesakes.Remove(silo); // it was killed; the others will soon notice too
        if (namesakes.Count == 0) return;

        logger.NamesakeFound(self.Name, namesakes.Keys.First());
        var end = clock.GetTimestamp() + (long)(SignOfLife.TotalSeconds * clock.TimestampFrequency);
        while (namesakes.Count > 0 && clock.GetTimestamp() < end)
        {
            await Task.Delay(Period, clock, cancellation);
            namesakes = Remaining(namesakes, await Namesakes(cancellation));
        }
    }

    private Dictionary<SiloAddress, DateTime> Remaining(Dictionary<SiloAddress, DateTime> before, Dictionary<SiloAddress, DateTime> now)
    {
        foreach (var (silo, alive) in now)
            if (before.TryGetValue(silo, out var then) && alive != then)
                throw new IOException($"a silo named {self.Name} is in the cluster already, at {silo.Endpoint}: each silo needs a name of its own (--name).");
        return before.Where(known => now.ContainsKey(known.Key)).ToDictionary();
    }

    private async Task<Dictionary<SiloAddress, DateTime>> Namesakes(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience * 2);
        await table.InitializeMembershipTableAsync(true, patience.Token);
        var rows = await table.ReadAllAsync(patience.Token);
        return rows.Members.Select(row => row.Item1)
            .Where(entry => entry.SiloName == self.Name && entry.Status is (SiloStatus.Active or SiloStatus.Joining))
            .Where(entry => !entry.SiloAddress.Endpoint.Equals(self.SiloAddress.Endpoint)) // our port is bound by us, so that one is gone
            .ToDictionary(entry => entry.SiloAddress, entry => entry.IAmAliveTime);
    }

    private async Task<bool> Listens(SiloAddress silo, CancellationToken cancellation)
    {
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, either.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return true; // nobody says no; the row will tell
        }
    }

    private async Task<string?> WhyNoRedis(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await redis.Ping(either.Token);
            return null;
        }
        catch (Exception away) when (!cancellation.IsCancellationRequested)
        {
            return away is OperationCanceledException ? "no answer" : GranaryProcess.FirstLine(away);
        }
    }
}
