namespace Granary.Grains.Resources.Partial;

/// <summary>What is remembered for a while of URLs so that ranges of them are asked for in the way that helps.</summary>
internal sealed class RangeMemory(TimeProvider clock, Func<TimeSpan> lasts)
{
    private readonly PassMemory _large = new(clock, lasts);
    private readonly PassMemory _ignoring = new(clock, lasts);

    /// <summary>The whole is too large for the store, so only ranges of it can be kept.</summary>
    public void RememberLarge(string uri) => _large.Remember(uri, authorized: false);

    public bool IsLarge(string uri) => _large.Remembers(uri, authorized: false);

    /// <summary>The origin answered Range with 200: asking again would fetch the whole twice.</summary>
    public void RememberIgnored(string uri) => _ignoring.Remember(uri, authorized: false);

    public bool IsIgnored(string uri) => _ignoring.Remembers(uri, authorized: false);
}
