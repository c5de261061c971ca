namespace Granary.Semantics.Fields;

/// <summary>
/// delta-seconds, RFC 9111 §1.2.2: a non-negative whole number of seconds. What is too large to matter is taken as 2^31.
/// Signs, fractions, units and spaces are not delta-seconds.
/// </summary>
public static class DeltaSeconds
{
    /// <summary>2^31 seconds, some 68 years: the largest time any field can state.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(1L << 31);

    public static bool TryParse(ReadOnlySpan<char> digits, out TimeSpan value)
    {
        value = default;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return false;
        var seconds = 0L;
        foreach (var digit in digits)
            seconds = Math.Min((seconds * 10) + (digit - '0'), 1L << 31);
        value = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Between nothing and <see cref="Max"/>, so that sums of a few can never overflow.</summary>
    public static TimeSpan Clamp(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span > Max ? Max : span;
}
