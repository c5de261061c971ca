using Granary.Semantics.CacheStatus;
using Granary.Semantics.Reusability;

namespace Granary.Edge.AccessLog;

/// <summary>What the cache did, in one word of RFC 9211 §2.</summary>
internal static class CacheWord
{
    public static string Of(CacheStatus cache) => cache.Hit ? "hit" : cache.Fwd?.Token() ?? "none";
}
