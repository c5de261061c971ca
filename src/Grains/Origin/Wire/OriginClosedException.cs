using System.Diagnostics.CodeAnalysis;

namespace Granary.Grains.Origin.Wire;

/// <summary>The origin closed or reset the connection while an answer was due and no byte of it had come.</summary>
/// <param name="wasReused">The connection had served before, so the origin may have closed it without having seen the request. RFC 9112 §9.3.1, §9.5.</param>
/// <param name="inner">What the socket said, if anything.</param>
[SuppressMessage("Design", "CA1032", Justification = "Without knowing whether the connection was reused it would say nothing.")]
public sealed class OriginClosedException(bool wasReused, Exception? inner = null) : IOException("The origin closed the connection before it answered.", inner)
{
    public bool WasReused => wasReused;

    /// <summary>A request that may be repeated would fare better on a new connection.</summary>
    internal static bool IsStaleConnection(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (e is OriginClosedException closed) return closed.WasReused;
        return false;
    }
}
