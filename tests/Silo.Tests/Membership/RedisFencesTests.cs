using System.Text;
using Granary.Grains.Fences;
using Granary.Language;
using Granary.Silo.Hosting;
using Granary.Silo.Membership;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;

namespace Granary.Silo.Tests.Membership;

/// <summary>Fences as a Redis keeps them, by the scripts that change them.</summary>
public sealed class RedisFencesTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Silo = "S127.0.0.1:11111:1";

    private RedisServer _server = null!;
    private Redis _redis = null!;
    private RedisFences _fences = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.Starts();
        _redis = new Redis(_server.Address);
        var cluster = Options.Create(new ClusterOptions { ClusterId = "tests", ServiceId = "tests" });
        _fences = new RedisFences(_redis, new TableRows(_redis, Options.Create(new RedisClusteringOptions()), cluster), cluster);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_has_not_registered_cannot_be_fenced()
    {
        Assert.Null(await Adds("one"));
        Assert.Empty(await _fences.Missed(Silo, CancellationToken.None));
        Assert.False(await _fences.Heard(Silo, "life", 1, CancellationToken.None));
        Assert.Null(await _fences.StateOf(Silo, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_missed_is_kept_in_order_until_it_was_heard()
    {
        await _fences.Register(Silo, "life", CancellationToken.None);
        Assert.Equal(new FenceState("life", 1, 0), await Adds("one"));
        Assert.Equal(new FenceState("life", 2, 0), await Adds("two:\0\n"));
        Assert.Equal([(1, "one"), (2, "two:\0\n")], await Missed());

        Assert.True(await _fences.Heard(Silo, "life", 1, CancellationToken.None));
        Assert.Equal(new FenceState("life", 2, 1), await _fences.StateOf(Silo, CancellationToken.None));
        Assert.Equal([(2, "two:\0\n")], await Missed());
        Assert.True(await _fences.Heard(Silo, "life", 2, CancellationToken.None));
        Assert.Equal(new FenceState("life", 2, 2), await _fences.StateOf(Silo, CancellationToken.None));
        Assert.Empty(await Missed());
    }

    [Fact]
    public async Task A_life_that_is_over_hears_nothing_and_a_new_one_begins_with_nothing()
    {
        await _fences.Register(Silo, "life", CancellationToken.None);
        await Adds("one");
        await _fences.Register(Silo, "another", CancellationToken.None);
        Assert.False(await _fences.Heard(Silo, "life", 1, CancellationToken.None));
        Assert.Equal(new FenceState("another", 0, 0), await _fences.StateOf(Silo, CancellationToken.None));
        Assert.Empty(await Missed());
    }

    [Fact]
    public async Task Too_many_become_everything()
    {
        await _fences.Register(Silo, "life", CancellationToken.None);
        for (var i = 0; i < 512; i++) await Adds("one");
        Assert.Equal(512, (await Missed()).Length);
        await Adds("last");
        Assert.Equal([(513, "")], await Missed());
    }

    [Fact]
    public async Task A_look_shows_all_who_registered_and_a_table_that_is_not_there_says_nothing_of_members()
    {
        await _fences.Register(Silo, "life", CancellationToken.None);
        await Adds("one");
        var reading = await _fences.Read(CancellationToken.None);
        Assert.True(reading.IsMember(Silo));
        Assert.True(reading.Of(Silo)!.Value.IsFenced);
        await _fences.Remove([Silo], CancellationToken.None);
        Assert.Null((await _fences.Read(CancellationToken.None)).Of(Silo));
        Assert.Empty(await Missed());
    }

    private Task<FenceState?> Adds(string missed) => _fences.Add(Silo, Encoding.UTF8.GetBytes(missed), CancellationToken.None);

    private async Task<(long, string)[]> Missed() =>
        [.. (await _fences.Missed(Silo, CancellationToken.None)).Select(static entry => (entry.Number, Encoding.UTF8.GetString(entry.Bytes.Span)))];
}
