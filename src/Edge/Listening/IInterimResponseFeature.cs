using Granary.Semantics.Fields;

namespace Granary.Edge.Listening;

/// <summary>
/// Sends interim (1xx) responses, for which Kestrel has no API. RFC 9110 §15.2. A feature of the connection, absent when it speaks
/// HTTP/2 by ALPN. Whoever may outlive a request, such as a fetch from the origin, uses <see cref="ForThisRequest"/>.
/// </summary>
public interface IInterimResponseFeature
{
    /// <summary>True while the request under way is HTTP/1.1 and its final response has not begun.</summary>
    bool CanSend { get; }

    /// <summary>
    /// Sends the head of an interim response, status 102..199 (100 is Kestrel's own, 101 needs its upgrade feature); does nothing while
    /// <see cref="CanSend"/> is false. Must not run beside the start of the final response. To a client that does not read it is dropped.
    /// </summary>
    ValueTask SendAsync(int status, FieldLines fields, CancellationToken cancellationToken);

    /// <summary>The same, but silent as soon as another request is under way on the connection.</summary>
    IInterimResponseFeature ForThisRequest();
}
