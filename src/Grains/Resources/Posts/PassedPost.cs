using Granary.Grains.Origin;
using Granary.Semantics.Messages;

namespace Granary.Grains.Resources.Posts;

/// <summary>An edge will bring the response to a POST, if it may.</summary>
/// <param name="Ticket">Outdated by any invalidation from now on.</param>
/// <param name="Quiet">
/// For how long before this nothing of the URI, and no group, was invalidated but once, which was for that POST itself. If the POST was sent earlier than that, its response may be
/// older than another invalidation.
/// </param>
[GenerateSerializer, Immutable, Alias("granary.PostExpected")]
public sealed record PostExpected([property: Id(0)] long Ticket, [property: Id(1)] TimeSpan Quiet);

/// <summary>A whole response to a POST that may answer later GETs (RFC 9110 §9.3.3).</summary>
/// <param name="AsGet">The request as it would be with GET.</param>
/// <param name="Delay">From the request sent to the head received, by the edge's monotonic clock.</param>
/// <param name="Since">From the head received to now.</param>
[GenerateSerializer, Immutable, Alias("granary.PassedPost")]
public sealed record PassedPost(
    [property: Id(0)] long Ticket, [property: Id(1)] RequestHead AsGet, [property: Id(2)] ResponseHead Head, [property: Id(3)] OriginRoute Route,
    [property: Id(4)] TimeSpan Delay, [property: Id(5)] TimeSpan Since, [property: Id(6)] byte[] Content)
{
    /// <summary>No more than an answer of an owner may hold.</summary>
    public const int MostBytes = 64 * 1024;
}
