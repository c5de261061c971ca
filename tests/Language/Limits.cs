namespace Granary.Language;

/// <summary>
/// The limits of time towards origins in <see cref="OneProcess"/>: so long that none runs out because a test lets some lifetime pass while a request happens to
/// be under way, and each of a length that nothing else has, so that a test can let just this one run out.
/// </summary>
public static class Limits
{
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(299);
    public static readonly TimeSpan Head = TimeSpan.FromMinutes(13);
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(11);

    internal static string[] Switches =>
    [
        "--Granary:Fetch:ConnectTimeout", "299s", "--Granary:Fetch:HeadTimeout", "13m", "--Granary:Fetch:IdleTimeout", "11m", "--Granary:Fetch:MinRateGrace", "1h",
        "--Granary:Client:HeadTimeout", "1h", // a pool may hold a connection on which nothing was said yet: it must not end just when it is used
    ];
}
