using System.Globalization;
using System.Runtime.CompilerServices;
using Granary.Semantics.Fields;
using Granary.Semantics.Reusability;

namespace Granary.Semantics.CacheStatus;

/// <summary>What this cache did, for the Cache-Status response field. RFC 9211 §2.</summary>
public sealed record CacheStatus
{
    public bool Hit { get; init; }

    /// <summary>Not written on a hit: the two exclude each other (§2.2).</summary>
    public ForwardReason? Fwd { get; init; }

    /// <summary>Only written together with <see cref="Fwd"/>.</summary>
    public int? FwdStatus { get; init; }

    public bool Stored { get; init; }

    public bool Collapsed { get; init; }

    /// <summary>Remaining freshness in seconds; negative when stale.</summary>
    public long? Ttl { get; init; }

    /// <summary>Whole seconds, rounded down: what is stale by half a second has a negative ttl (RFC 9211 §2.4).</summary>
    public static long TtlOf(TimeSpan timeToLive) => (long)Math.Floor(timeToLive.TotalSeconds);

    public string? Key { get; init; }

    public string? Detail { get; init; }

    /// <summary>One member of the list: an item with parameters (RFC 8941 §3.3).</summary>
    public string ToFieldValue(string cacheName)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        AppendItem(ref text, cacheName);
        if (Hit) text.AppendLiteral("; hit");
        else AppendForward(ref text);
        AppendInteger(ref text, "; ttl=", Ttl);
        if (Key is not null) AppendParameter(ref text, "; key=", Key, isAlwaysString: true);
        if (Detail is not null) AppendParameter(ref text, "; detail=", Detail, isAlwaysString: false);
        return text.ToStringAndClear();
    }

    private void AppendForward(ref DefaultInterpolatedStringHandler text)
    {
        if (Fwd is not { } why) return;
        text.AppendLiteral("; fwd=");
        text.AppendLiteral(why.Token());
        AppendInteger(ref text, "; fwd-status=", FwdStatus);
        if (Stored) text.AppendLiteral("; stored");
        if (Collapsed) text.AppendLiteral("; collapsed");
    }

    private static void AppendInteger(ref DefaultInterpolatedStringHandler text, string name, long? value)
    {
        if (value is not { } number) return;
        text.AppendLiteral(name);
        text.AppendFormatted(Math.Clamp(number, -999_999_999_999_999, 999_999_999_999_999)); // RFC 8941 §3.3.1
    }

    private static void AppendParameter(ref DefaultInterpolatedStringHandler text, string name, string value, bool isAlwaysString)
    {
        text.AppendLiteral(name);
        if (isAlwaysString) AppendString(ref text, value);
        else AppendItem(ref text, value);
    }

    private static void AppendItem(ref DefaultInterpolatedStringHandler text, string value)
    {
        if (IsToken(value)) text.AppendLiteral(value);
        else AppendString(ref text, value);
    }

    // RFC 8941 §3.3.4: a token starts with a letter or "*".
    private static bool IsToken(string value) =>
        value.Length > 0 && (char.IsAsciiLetter(value[0]) || value[0] == '*')
        && Grammar.IsToken(value.Replace(':', 'x').Replace('/', 'x'));

    // RFC 8941 §3.3.3: printable ASCII only; what else would be there is replaced, so that no field can be broken open.
    private static void AppendString(ref DefaultInterpolatedStringHandler text, string value)
    {
        text.AppendFormatted('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.AppendFormatted('\\');
            text.AppendFormatted(c is >= ' ' and <= '~' ? c : '?');
        }

        text.AppendFormatted('"');
    }
}
