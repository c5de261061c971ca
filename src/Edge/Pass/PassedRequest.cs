using Granary.Edge.Routing;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Edge.Pass;

/// <summary>A request that goes edge → origin without the cache.</summary>
/// <param name="Detail">Why, in a word, for Cache-Status; null where the reason says it all.</param>
/// <param name="IsRemembered">It was passed because its URL is remembered as not storable: an answer that is storable ends that.</param>
internal sealed record PassedRequest(RequestHead Presented, Destination.Origin Destination, ForwardReason Why, string? Detail, bool IsRemembered);
