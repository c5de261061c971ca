using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Granary.Grains.Egress.Names;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Egress;

public sealed class NameCacheTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1"), Other = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _asked = [];
    private Func<string, ValueTask<IPAddress[]>> _says = static _ => new([One]);
    private NameOptions _options = NameOptions.Default;
    private NameCache? _cache;

    private NameCache Cache => _cache ??= new NameCache(
        () => _options, _clock, new NameMeter(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), NullLogger<NameCache>.Instance, Ask);

    public void Dispose() => _cache?.Dispose();

    [Fact]
    public async Task A_name_is_asked_for_once_in_30_seconds_whatever_its_case()
    {
        await Resolves("example.com");
        Assert.Equal([One], await Resolves("EXAMPLE.com"));
        _clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        await Resolves("example.com");
        Assert.Single(_asked);
        _says = static _ => new([Other]);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([Other], await Resolves("example.com"));
    }

    [Fact]
    public async Task Many_who_want_the_same_at_a_time_ask_once_and_none_is_ended_by_another_that_leaves()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _says = _ => new(answer.Task);
        using var leaves = new CancellationTokenSource();
        var first = Cache.Resolve("example.com", leaves.Token).AsTask();
        var others = Enumerable.Range(0, 20).Select(_ => Resolves("example.com")).ToArray();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult([One]);
        Assert.All(await Task.WhenAll(others), static addresses => Assert.Equal([One], addresses));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task That_there_is_no_such_name_is_remembered_for_5_seconds()
    {
        _says = static _ => throw new SocketException((int)SocketError.HostNotFound);
        await Fails(SocketError.HostNotFound);
        await Fails(SocketError.HostNotFound);
        Assert.Single(_asked);
        _says = static _ => new([One]);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([One], await Resolves("example.com"));
    }

    [Fact]
    public async Task No_address_at_all_is_no_answer()
    {
        _says = static _ => new([]);
        await Fails(SocketError.NoData);
    }

    [Fact]
    public async Task What_is_no_name_is_not_found()
    {
        _says = static _ => throw new ArgumentException("too long");
        await Fails(SocketError.HostNotFound);
    }

    [Fact]
    public async Task A_resolver_that_says_nothing_is_waited_for_5_seconds()
    {
        var asked = new TaskCompletionSource();
        _says = _ =>
        {
            asked.TrySetResult();
            return new(new TaskCompletionSource<IPAddress[]>().Task);
        };
        var resolving = Resolves("example.com");
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SocketError.TimedOut, (await Assert.ThrowsAsync<SocketException>(() => resolving)).SocketErrorCode);
    }

    [Fact]
    public async Task Look_ups_that_hang_take_no_more_threads_than_allowed_and_others_are_told_in_time()
    {
        _options = _options with { MostLookups = 1 };
        var (asked, hangs) = (new TaskCompletionSource(), new TaskCompletionSource<IPAddress[]>());
        _says = _ =>
        {
            asked.TrySetResult();
            return new(hangs.Task);
        };
        var first = Resolves("a.example");
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<SocketException>(() => first);
        var second = Resolves("b.example");
        while (!second.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<SocketException>(() => second);
        Assert.Equal(["a.example"], _asked);
        hangs.SetResult([One]);
        Assert.Equal([One], await Resolves("c.example"));
    }

    [Fact]
    public async Task Where_it_is_set_old_addresses_do_while_the_resolver_fails()
    {
        _options = _options with { KeepStale = TimeSpan.FromMinutes(10) };
        await Resolves("example.com");
        _says = static _ => throw new SocketException((int)SocketError.TryAgain);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([One], await Resolves("example.com"));
        Assert.Equal([One], await Resolves("example.com"));
        Assert.Equal(2, _asked.Count);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Fails(SocketError.TryAgain);
    }

    [Fact]
    public async Task As_many_names_are_remembered_as_allowed_and_the_least_used_is_forgotten()
    {
        _options = _options with { Most = 2 };
        foreach (var name in new[] { "a", "b", "a", "c" }) await Resolves(name);
        Assert.Equal(2, Cache.Count);
        await Resolves("a");
        Assert.Equal(["a", "b", "c"], _asked);
        await Resolves("b");
        Assert.Equal(["a", "b", "c", "b"], _asked);
    }

    [Fact]
    public async Task What_is_forgotten_is_asked_for_anew()
    {
        await Resolves("example.com");
        Cache.Forget("Example.com");
        Cache.Forget("example.net");
        await Resolves("example.com");
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task With_nothing_to_be_remembered_each_asks()
    {
        _options = _options with { Keep = TimeSpan.Zero, KeepMissing = TimeSpan.Zero };
        await Resolves("example.com");
        await Resolves("example.com");
        Assert.Equal((2, 0), (_asked.Count, Cache.Count));
    }

    private async Task<IPAddress[]> Resolves(string host) => await Cache.Resolve(host, default);

    private async Task Fails(SocketError error) => Assert.Equal(error, (await Assert.ThrowsAsync<SocketException>(() => Resolves("example.com"))).SocketErrorCode);

    private ValueTask<IPAddress[]> Ask(string host, CancellationToken cancellationToken)
    {
        lock (_asked) _asked.Add(host);
        return _says(host);
    }
}
