using System.Text;
using Granary.Edge.Delivery.Hits;
using Granary.Edge.Listening.Repeats;

namespace Granary.Edge.Tests.Hits;

/// <summary>A request is known by all of its bytes and by its listener, and by nothing less.</summary>
public sealed class RepeatedTableTests
{
    private readonly RepeatedTable _table = new(0);
    private readonly object _listener = new();

    [Fact]
    public void It_is_found_by_its_bytes_at_its_listener_only()
    {
        Put("GET /a", until: 10, now: 0);
        Assert.NotNull(_table.Find(Head("GET /a", _listener)));
        Assert.Null(_table.Find(Head("GET /a", new object())));
        Assert.Null(_table.Find(Head("GET /A", _listener, hashOf: "GET /a")));
        Assert.Null(_table.Find(Head("GET /a ", _listener, hashOf: "GET /a")));
    }

    [Fact]
    public void One_that_is_in_use_is_not_driven_out_by_another_until_it_is_to_be_read_again()
    {
        Put("GET /a", until: 10, now: 0);
        _table.Put(Hit("GET /b", until: 19), Hash("GET /a"), now: 9);
        Assert.NotNull(_table.Find(Head("GET /a", _listener)));
        _table.Put(Hit("GET /b", until: 20), Hash("GET /a"), now: 10);
        Assert.Null(_table.Find(Head("GET /a", _listener)));
        Assert.NotNull(_table.Find(Head("GET /b", _listener, hashOf: "GET /a")));
    }

    [Fact]
    public void It_comes_often_when_it_was_the_last_at_its_place()
    {
        Assert.False(_table.HasCome(Hash("GET /a")));
        Assert.True(_table.HasCome(Hash("GET /a")));
        Assert.False(_table.HasCome(Hash("GET /a") ^ (1UL << 40)));
        Assert.False(_table.HasCome(Hash("GET /a")));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(64L << 20, 1024)]
    [InlineData(1L << 40, 65_536)]
    public void Its_memory_is_bounded(long budget, int places) => Assert.Equal(places * 2052L, new RepeatedTable(budget).Bytes);

    private void Put(string bytes, long until, long now) => _table.Put(Hit(bytes, until), Hash(bytes), now);

    private RepeatedHit Hit(string bytes, long until) => new(Encoding.ASCII.GetBytes(bytes), _listener, null!, null, until, []);

    private ulong Hash(string bytes) => _table.HashOf(Encoding.ASCII.GetBytes(bytes));

    private ArrivedHead Head(string bytes, object listener, string? hashOf = null) => new(Encoding.ASCII.GetBytes(bytes), Hash(hashOf ?? bytes), listener);
}
