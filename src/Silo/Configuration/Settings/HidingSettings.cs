using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What clients of the reverse proxy are not told of the servers behind it. Nothing of it holds for forward requests.</summary>
public sealed record HidingSettings
{
    /// <summary>Default what servers and frameworks say of themselves.</summary>
    [FieldNames("Response fields that clients of the reverse proxy are not sent")]
    public ImmutableArray<string> Remove { get; init; } =
    [
        "Server", "Powered-By", "X-Powered-By", "X-Powered-CMS", "X-Powered-By-Plesk", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Runtime", "X-Generator", "X-Generated-By",
        "X-Php-Version", "X-OWA-Version", "X-SourceFiles", "X-Backend", "X-Backend-Server", "X-BEServer", "X-FEServer", "X-CalculatedBETarget", "X-Upstream", "X-DiagInfo", "X-Mod-Pagespeed",
        "X-Page-Speed", "X-Turbo-Charged-By", "Liferay-Portal", "MicrosoftSharePointTeamServices", "Alt-Svc",
    ];

    /// <summary>Default true.</summary>
    [Flag("Whether names of destinations in Location, Content-Location, Refresh, Link and Set-Cookie become the name that the client asked for")]
    public bool MapNames { get; init; } = true;

    /// <summary>Default none.</summary>
    [NamePairs("Inner names that are mapped beside those of destinations, each to the outer name behind the equals sign, or to the one the client asked for")]
    public ImmutableArray<NamePair> Names { get; init; } = [];

    /// <summary>RFC 9110 §7.6.3. Default false.</summary>
    [Flag("Whether Via of responses may name hosts and versions behind the proxy; else our pseudonym stands for them")]
    public bool ViaHosts { get; init; }
}
