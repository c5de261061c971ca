using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Tokens that say who a client is: JWT (RFC 7519) with a signature.</summary>
public sealed record BearerSettings
{
    /// <summary>Default none: no tokens, unless <see cref="Keys"/> is given.</summary>
    [OriginUrl("Authority of OpenID Connect whose tokens are taken; its keys are found by /.well-known/openid-configuration below Path", NeedsRestart = true)]
    public Uri? Authority { get; init; }

    /// <summary>Default none.</summary>
    [FieldValue("What comes behind the authority before /.well-known, such as /realms/example", DefaultText = "none")]
    public string Path { get; init; } = "";

    /// <summary>Default none.</summary>
    [File("Keys of tokens in place of an authority: a JSON Web Key Set (RFC 7517)", NeedsRestart = true)]
    public string? Keys { get; init; }

    /// <summary>Default the authority's own word for itself.</summary>
    [FieldValue("Issuer that tokens have to name", DefaultText = "what the authority says of itself")]
    public string? Issuer { get; init; }

    /// <summary>Has to be given where tokens are taken: one made for somebody else is none of ours.</summary>
    [FieldValue("Audience that tokens have to name", DefaultText = "none: it has to be given where tokens are taken")]
    public string? Audience { get; init; }

    /// <summary>Default sub.</summary>
    [FieldValue("Claim that is the user's name")]
    public string NameClaim { get; init; } = "sub";

    /// <summary>Default groups.</summary>
    [FieldValue("Claim that has the user's groups")]
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>10 s … 1 d. Default 1 h.</summary>
    [Duration("How often the authority is asked for its keys; a token with an unknown key lets it be asked earlier", "10s", "1d")]
    public TimeSpan Refresh { get; init; } = TimeSpan.FromHours(1);
}
