using Granary.Grains.Origin;

namespace Granary.Edge.Routing;

/// <summary>Where a request goes.</summary>
public abstract record Destination
{
    private Destination()
    {
    }

    /// <param name="TargetUri">Effective target URI, normalised. RFC 9110 §7.1, RFC 9111 §2.</param>
    /// <param name="Authority">Host and port of the target URI, for X-Forwarded-Host: normalised like the key, since it goes to the origin that the key stands for.</param>
    /// <param name="IsReverse">The origin was configured; else this is a forward request.</param>
    public sealed record Origin(string TargetUri, string Authority, OriginRoute Route, bool IsReverse) : Destination
    {
        /// <summary>
        /// The route of a fetch: what is stored under the normalised URI was asked for by it. If a fetch carried the target as received, a client could write
        /// <c>/%61</c> and have its answer stored for <c>/a</c>.
        /// </summary>
        public OriginRoute FetchRoute => Route with { RequestTarget = TargetUri[TargetUri.IndexOf('/', TargetUri.IndexOf("://", StringComparison.Ordinal) + 3)..] };

        /// <summary>The cache key: the target URI, and the name of the route where more than the URI chose it.</summary>
        public string Key => Routed is { Caching.NameInKey: { } name } ? CacheKeys.Of(TargetUri, name) : TargetUri;

        /// <summary>The route of YARP that took the request, if one did.</summary>
        internal Routed? Routed { get; init; }
    }

    /// <summary>No route: 404.</summary>
    public sealed record Unknown : Destination;

    /// <summary>The target cannot be read as a URI without guessing: 400.</summary>
    public sealed record Invalid : Destination;

    /// <summary>A method or form of target this proxy does not serve (yet): 501.</summary>
    public sealed record NotImplemented : Destination;
}
