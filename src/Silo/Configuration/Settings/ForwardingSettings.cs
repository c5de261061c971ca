using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What origins of the reverse proxy are told of the client. What strangers say in these fields is never believed, and forward requests carry none of them.</summary>
public sealed record ForwardingSettings
{
    /// <summary>Default Set.</summary>
    [OneOf("X-Forwarded-For, -Proto and -Host towards origins: written anew; with what a trusted proxy said before; or not at all", typeof(ForwardedWriting))]
    public ForwardedWriting XForwarded { get; init; } = ForwardedWriting.Set;

    /// <summary>RFC 7239. Default Remove.</summary>
    [OneOf("Forwarded (RFC 7239) towards origins, likewise", typeof(ForwardedWriting))]
    public ForwardedWriting Forwarded { get; init; } = ForwardedWriting.Remove;
}
