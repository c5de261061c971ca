namespace Granary.Semantics.Freshness;

/// <summary>A freshness lifetime and what stated it. RFC 9111 §4.2.1.</summary>
/// <param name="Value">Never negative, never above 2^31 seconds.</param>
public readonly record struct Lifetime(TimeSpan Value, LifetimeSource Source)
{
    /// <summary>Nothing states a lifetime and none may be guessed: stale from the start.</summary>
    public static readonly Lifetime None = new(TimeSpan.Zero, LifetimeSource.None);

    /// <summary>By the origin, or by the operator for those that say nothing.</summary>
    public bool IsStated => IsExplicit || Source is LifetimeSource.Configured;

    public bool IsExplicit => Source is LifetimeSource.SMaxAge or LifetimeSource.MaxAge or LifetimeSource.Expires;
}

/// <summary>In the order of precedence of RFC 9111 §4.2.1, None last.</summary>
public enum LifetimeSource
{
    SMaxAge,
    MaxAge,
    Expires,
    Heuristic,

    /// <summary>The operator's, where the origin states nothing and nothing can be guessed.</summary>
    Configured,
    None,
}
