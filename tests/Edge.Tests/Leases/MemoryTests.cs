using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Members;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Xunit.Abstractions;

namespace Granary.Edge.Tests.Leases;

public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Count = 4000;

    private static readonly string[] Typical =
    [
        "Server: nginx/1.24.0", "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "ETag: \"5f3c-60e1\"", "Accept-Ranges: bytes", "Vary: Accept-Encoding", "Content-Length: 1000",
        "X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=31536000", "X-Request-Id: 7d1f0a52-33c1", // with Date, Cache-Control and Content-Type twelve
    ];

    /// <summary>The figure for docs/performance.md: alone in its process, since others allocate as well.</summary>
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
        var grants = Enumerable.Range(0, Count).Select(i => $"http://www.example.org/images/{i:D8}.png").ToDictionary(static uri => uri, uri => Grant(silo, serializer, uri));
        silo.Store.Clear();

        var before = GC.GetTotalMemory(forceFullCollection: true) - edge.Store.Statistics.Bytes + edge.Store.Statistics.MetadataBytes;
        var (counted, _) = (edge.Store.Statistics.MetadataBytes, 0);
        foreach (var (uri, grant) in grants)
            Assert.Null(await edge.Intake.Take(uri, session, (MemberReply.Leased)serializer.Deserialize<MemberReply>(grant)!, clock.GetTimestamp(), edge.Copies.RecallsOf(uri)));
        clock.Advance(TimeSpan.FromMinutes(2)); // timers of what was on its way are over
        var statistics = edge.Store.Statistics;
        var after = GC.GetTotalMemory(forceFullCollection: true) - statistics.Bytes + statistics.MetadataBytes;

        counted = (statistics.MetadataBytes - counted) / Count;
        output.WriteLine($"{statistics.Objects} copies: measured {(after - before) / (double)Count:F0} B each beside content, counted {counted} B");
        Assert.Equal(Count, statistics.Objects);
        Assert.InRange(counted, 500, 4000);
    }

    private static byte[] Grant(SiloDesk silo, Serializer serializer, string uri)
    {
        silo.Keeps(uri, Known.Bytes(1, 0, 1000), 3600, FieldLines.Of("Accept-Encoding: gzip"), Typical);
        var reply = silo.Do(new MemberCall.Lease("edge-1", silo.Session, uri, [])).GetAwaiter().GetResult();
        return serializer.SerializeToArray(reply!);
    }
}
