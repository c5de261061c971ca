using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>What came of asking an origin, up to the end of the response's head.</summary>
public abstract record OriginReply
{
    private OriginReply()
    {
    }

    /// <param name="RequestTime">When the request was sent: RFC 9111 §4.2.3 request_time.</param>
    /// <param name="ResponseTime">When the head had arrived: response_time.</param>
    /// <param name="Received">The same moment by the monotonic clock, from which resident time counts.</param>
    public sealed record Responded(
        ResponseHead Head,
        HttpResponseMessage Message,
        DateTimeOffset RequestTime,
        DateTimeOffset ResponseTime,
        long Received) : OriginReply;

    public sealed record Failed(OriginError Error) : OriginReply;
}
