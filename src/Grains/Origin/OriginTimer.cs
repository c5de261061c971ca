namespace Granary.Grains.Origin;

/// <summary>The timer that ended an exchange with the origin, as far as its caller knows.</summary>
public enum OriginTimer
{
    /// <summary>None: whoever waited gave up, or the cause is in the exception.</summary>
    None,
    Connect,
    Head,
    Idle,
    Rate,
}
