using Granary.Silo.Membership;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.Leases;

/// <summary>A silo that does not know that it was declared dead cannot keep leases alive.</summary>
public sealed class TrustTests : IAsyncLifetime
{
    private const string Uri = "http://example.org/a";

    private readonly FakeTimeProvider _clock = new();
    private readonly SiloDesk _silo;
    private readonly LeasingEdge _edge;

    public TrustTests()
    {
        _clock.Advance(TimeSpan.FromSeconds(1000));
        _silo = SiloDesk.Named("silo-1", _clock);
        _edge = LeasingEdge.With(_clock, null, _silo);
        _silo.Keeps(Uri, "one");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task A_session_is_not_trusted_before_the_table_was_read()
    {
        await _edge.Line().Poll(CancellationToken.None);
        Assert.Equal("no-session", await _edge.Leases(Uri));
        _edge.ReadsTable();
        Assert.Equal("taken", await _edge.Leases(Uri));
    }

    [Fact]
    public async Task A_session_that_is_renewed_is_trusted_one_lease_after_the_table_was_read()
    {
        await _edge.Holds(Uri);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        await _edge.Line().Poll(CancellationToken.None);
        Assert.True(await _edge.Has(Uri));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await _edge.Line().Poll(CancellationToken.None);
        Assert.False(await _edge.Has(Uri));
        _edge.ReadsTable();
        Assert.True(await _edge.Has(Uri));
    }

    [Fact]
    public async Task The_reading_counts_from_when_it_began()
    {
        await _edge.Holds(Uri);
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _edge.Line().Poll(CancellationToken.None);
        _edge.ReadsTable(began);
        Assert.False(await _edge.Has(Uri));
    }

    [Theory]
    [InlineData("""{"SiloAddress":{"SiloAddress":"127.0.0.1:39549@154440674"},"Status":3,"SuspectTimes":[],"ProxyPort":38109,"HostName":"vm","SiloName":"x"}""", true)]
    [InlineData("""{"Status":"Active"}""", true)]
    [InlineData("""{"Status":2}""", false)]
    [InlineData("""{"Status":6,"SiloName":"Active"}""", false)]
    [InlineData("""{"Status":"Dead"}""", false)]
    [InlineData("""{"SiloName":"x"}""", false)]
    [InlineData("""{"Status":3.5}""", false)]
    [InlineData("[3]", false)]
    [InlineData("Status 3", false)]
    [InlineData("", false)]
    public void A_row_says_whether_its_silo_is_active(string row, bool isActive) => Assert.Equal(isActive, RowStatus.IsActive(row));
}
