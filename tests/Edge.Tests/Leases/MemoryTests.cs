using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Members;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Xunit.Abstractions;

namespace Granary.Edge.Tests.Leases;

public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Count = 8000;

    private const int Before = 5000;

    private static readonly string[] Typical =
    [
        "Server: nginx/1.24.0", "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "ETag: \"5f3c-60e1\"", "Accept-Ranges: bytes", "Vary: Accept-Encoding", "Content-Length: 1000",
        "X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=31536000", "X-Request-Id: 7d1f0a52-33c1", // with Date, Cache-Control and Content-Type twelve
    ];

    /// <summary>The figure for docs/performance.md: alone in its process, since others allocate as well. Heads that were read last stay read, some thousand in the whole process: those come first.</summary>
    [Fact]
    public async Task What_a_leased_copy_costs_beside_its_content_is_counted_and_no_less_than_it_is()
    {
        var clock = new FakeTimeProvider();
        using var silo = SiloDesk.Named("silo-1", clock);
        silo.Changes = static copy => copy with { EarlyHints = [] };
        await using var edge = LeasingEdge.With(clock, new LeaseSettings { MemoryLimit = 64 << 20 }, silo);
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        await edge.Polls();
        var session = edge.Line().Session!;
        var grants = Enumerable.Range(0, Before + Count).Select(i => $"http://www.example.org/images/{i:D8}.png").Select(uri => (uri, Grant(silo, serializer, uri))).ToArray();
        silo.Store.Clear();

        async Task Takes(Range which)
        {
            foreach (var (known, grant) in grants[which])
            {
                var uri = new string(known.AsSpan()); // as it comes from a connection
                Assert.Null(await edge.Intake.Take(uri, session, (MemberReply.Leased)serializer.Deserialize<MemberReply>(grant)!, clock.GetTimestamp(), edge.Copies.RecallsOf(uri)));
            }

            clock.Advance(TimeSpan.FromMinutes(2)); // timers of what was on its way are over
        }

        await Takes(..Before);
        var before = Beside(edge.Store);
        await Takes(Before..);
        var after = Beside(edge.Store);

        var counted = (after.Counted - before.Counted) / Count;
        output.WriteLine($"{edge.Store.Statistics.Objects} copies: measured {(after.Measured - before.Measured) / (double)Count:F0} B each beside content, counted {counted} B");
        Assert.Equal(Before + Count, edge.Store.Statistics.Objects);
        Assert.InRange(counted, 500, 1300);
    }

    private static (long Measured, long Counted) Beside(ResponseStore store)
    {
        var measured = GC.GetTotalMemory(forceFullCollection: true);
        var statistics = store.Statistics;
        return (measured - (statistics.Bytes - statistics.MetadataBytes), statistics.MetadataBytes);
    }

    private static byte[] Grant(SiloDesk silo, Serializer serializer, string uri)
    {
        silo.Keeps(uri, Known.Bytes(1, 0, 1000), 3600, FieldLines.Of("Accept-Encoding: gzip"), Typical);
        var reply = silo.Do(new MemberCall.Lease("edge-1", silo.Session, uri, [])).GetAwaiter().GetResult();
        return serializer.SerializeToArray(reply!);
    }
}
