namespace Granary.Edge.Figures;

/// <summary>
/// What fades counts about the last minute without keeping a minute: with each tick what was counted before loses as much as makes a steady rate come out as its requests in a minute.
/// </summary>
internal static class Fading
{
    /// <summary>Ten to the minute.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(6);

    // With steady n in a tick: n · (1 + k + k² + …) = n / (1 − k) = 10 · n.
    public const double Kept = 0.9;
}
