using System.Globalization;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>Max-Forwards, RFC 9110 §7.6.2: how often OPTIONS and TRACE may be forwarded. For other methods it says nothing.</summary>
public static class MaxForwards
{
    private const int Most = 999_999_999;

    /// <summary>Nobody further may get it: this is the final recipient.</summary>
    public static bool IsSpent(RequestHead request) => LeftOf(request) == 0;

    /// <summary>The request to forward: with one less, if it has a limit.</summary>
    public static RequestHead Decremented(RequestHead request) => LeftOf(request) is > 0 and var left
        ? request with { Fields = request.Fields.With(FieldNames.MaxForwards, (left - 1).ToString(CultureInfo.InvariantCulture)) }
        : request;

    // 1*DIGIT; what is not that is no limit.
    private static int? LeftOf(RequestHead request)
    {
        if (request.Method is not ("OPTIONS" or "TRACE") || request.Fields.Single(FieldNames.MaxForwards) is not { Length: > 0 } text) return null;
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? Math.Min(left, Most) : Most;
    }
}
