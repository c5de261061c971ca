using System.Collections.Concurrent;

namespace Granary.Edge.Users;

/// <summary>
/// Credentials and what they have turned out to be: (1) what is remembered  (2) what somebody verifies just now is waited for  (3) else it is verified in turn. One of these goes with one set of passwords or keys;
/// another set brings another, which knows nothing yet.
/// </summary>
internal sealed class Verifying(Turns turns, Func<TimeSpan> remember, TimeProvider clock)
{
    private const int MostRight = 8192, MostWrong = 1024;

    // Long enough for a program that goes on and on with a wrong password, short enough for a person.
    private static readonly TimeSpan WrongFor = TimeSpan.FromSeconds(10);

    private readonly CredentialKey _key = new();
    private readonly Remembered _right = new(MostRight, clock);
    private readonly Remembered _wrong = new(MostWrong, clock);
    private readonly ConcurrentDictionary<UInt128, Lazy<Task<Verdict>>> _underWay = new();

    public ValueTask<Verdict> Of(string credentials, Func<string, Verdict> verify)
    {
        var key = _key.Of(credentials);
        if ((_right.Of(key) ?? _wrong.Of(key)) is { } known) return new(known);                                                  // (1)
        var mine = new Lazy<Task<Verdict>>(() => Verify(key, credentials, verify));
        return new(_underWay.GetOrAdd(key, mine).Value);                                                                         // (2), (3)
    }

    private async Task<Verdict> Verify(UInt128 key, string credentials, Func<string, Verdict> verify)
    {
        try
        {
            var verdict = await turns.Take(() => verify(credentials));
            if (verdict is Verdict.Right right) _right.Keep(key, verdict, Shorter(remember(), right.For));
            else if (!ReferenceEquals(verdict, Verdict.Busy)) _wrong.Keep(key, verdict, Shorter(remember(), WrongFor));
            return verdict;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;
}
