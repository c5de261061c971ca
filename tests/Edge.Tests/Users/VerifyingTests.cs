using Granary.Edge.Users;
using Granary.Language;

namespace Granary.Edge.Tests.Users;

public sealed class VerifyingTests : IDisposable
{
    private readonly Clock _clock = new();
    private readonly Turns _turns = new(1, waiting: 1);
    private int _verified;

    public void Dispose() => _turns.Dispose();

    [Fact]
    public async Task What_was_right_is_not_verified_again_for_a_while()
    {
        var verifying = Begins(5.Minutes());
        await verifying.Of("right", Verify);
        await verifying.Of("right", Verify);
        Assert.Equal(1, _verified);
        _clock.Passes(5.Minutes());
        await verifying.Of("right", Verify);
        Assert.Equal(2, _verified);
    }

    [Fact]
    public async Task What_ends_earlier_is_remembered_until_then()
    {
        var verifying = Begins(5.Minutes());
        await verifying.Of("short", _ => Right(1.Minutes()));
        _clock.Passes(1.Minutes());
        await verifying.Of("short", _ => Right(1.Minutes()));
        Assert.Equal(2, _verified);
    }

    [Fact]
    public async Task What_was_wrong_is_remembered_for_seconds()
    {
        var verifying = Begins(5.Minutes());
        Assert.Same(Verdict.Wrong, await verifying.Of("wrong", Verify));
        Assert.Same(Verdict.Wrong, await verifying.Of("wrong", Verify));
        Assert.Equal(1, _verified);
        _clock.Passes(10.Seconds());
        await verifying.Of("wrong", Verify);
        Assert.Equal(2, _verified);
    }

    [Fact]
    public async Task Nothing_is_remembered_where_that_is_off()
    {
        var verifying = Begins(TimeSpan.Zero);
        await verifying.Of("right", Verify);
        await verifying.Of("right", Verify);
        Assert.Equal(2, _verified);
    }

    [Fact, Trait("Promise", "P7")]
    public async Task The_same_is_verified_once_at_a_time_and_too_many_others_are_refused()
    {
        var verifying = Begins(5.Minutes());
        using var gate = new SemaphoreSlim(0);
        Verdict Held(string credentials)
        {
            gate.Wait();
            return Verify(credentials);
        }

        Task<Verdict>[] same = [.. Enumerable.Range(0, 20).Select(_ => verifying.Of("right", Held).AsTask())];
        var waits = verifying.Of("right too", Held).AsTask();
        Assert.Same(Verdict.Busy, await verifying.Of("one too many", Held));
        gate.Release(2);
        foreach (var verdict in await Task.WhenAll([.. same, waits]).Within()) Assert.IsType<Verdict.Right>(verdict);
        Assert.Equal(2, _verified);
        Assert.IsType<Verdict.Right>(await verifying.Of("right again", Verify)); // being refused was not remembered, and took no place
    }

    [Fact, Trait("Promise", "P7")]
    public void Room_is_bounded_and_what_is_asked_for_stays()
    {
        var remembered = new Remembered(100, _clock.Time);
        for (var i = 0; i < 10_000; i++)
        {
            remembered.Keep((UInt128)i, Verdict.Wrong, 5.Minutes());
            Assert.True(i < 50 || remembered.Of(50) is not null || i == 50, $"{i}");
            Assert.True(remembered.Count <= 200);
        }
    }

    private Verifying Begins(TimeSpan remember) => new(_turns, () => remember, _clock.Time);

    private Verdict Verify(string credentials) => credentials.StartsWith("right", StringComparison.Ordinal) ? Right(null) : Wrong();

    private Verdict.Right Right(TimeSpan? until)
    {
        Interlocked.Increment(ref _verified);
        return new Verdict.Right(new ClientIdentity("alice", []), until);
    }

    private Verdict Wrong()
    {
        Interlocked.Increment(ref _verified);
        return Verdict.Wrong;
    }
}
