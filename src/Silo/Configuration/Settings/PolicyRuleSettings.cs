using System.Collections.Immutable;
using Granary.Grains.Egress;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>One rule: it matches if all criteria that are given do, and a criterion if one of its values does.</summary>
public sealed record PolicyRuleSettings
{
    /// <summary>Default rule-1 and so on, by its place.</summary>
    [Name("What the rule is called in answers, logs and metrics", DefaultText = "rule-1 and so on, by its place")]
    public string? Name { get; init; }

    /// <summary>Has to be given.</summary>
    [OneOf("What it does with what it matches", typeof(PolicyAction), IsRequired = true)]
    public PolicyAction Action { get; init; }

    /// <summary>Default any.</summary>
    [Networks("Clients", DefaultText = "any")]
    public CidrSet? From { get; init; }

    /// <summary>Default any, known or not.</summary>
    [Texts("Users, or * for everybody who is known", DefaultText = "any, known or not")]
    public ImmutableArray<string> Users { get; init; } = [];

    /// <summary>Default any.</summary>
    [Texts("Groups that the user is in", DefaultText = "any")]
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Default any.</summary>
    [HostPatterns("Hosts that are asked for", DefaultText = "any")]
    public ImmutableArray<HostPattern> Hosts { get; init; } = [];

    /// <summary>Default any.</summary>
    [UrlPatterns("URLs that are asked for; a tunnel has none", DefaultText = "any")]
    public ImmutableArray<UrlPattern> Urls { get; init; } = [];

    /// <summary>Default any.</summary>
    [Ports("Ports that are asked for", DefaultText = "any")]
    public ImmutableArray<PortRange>? Ports { get; init; }

    /// <summary>Default any.</summary>
    [Networks("Addresses that the host resolves to", DefaultText = "any")]
    public CidrSet? Addresses { get; init; }

    /// <summary>Default any.</summary>
    [Methods("Methods; CONNECT for tunnels by it, SOCKS has none", DefaultText = "any")]
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Default always.</summary>
    [WeekTimes("Times of the week", DefaultText = "always")]
    public ImmutableArray<WeekTime> Times { get; init; } = [];

    /// <summary>Default UTC.</summary>
    [TimeZone("Where Times are told")]
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Default any.</summary>
    [FileTypes("Ends of the path behind a dot", DefaultText = "any")]
    public ImmutableArray<string> FileTypes { get; init; } = [];

    /// <summary>Default any.</summary>
    [Ways("Ways in", DefaultText = "any")]
    public ImmutableArray<PolicyWay> Ways { get; init; } = [];

    /// <summary>Has to be given with <see cref="PolicyAction.Redirect"/>.</summary>
    [HttpUrl("Where a redirection leads", DefaultText = "none: it has to be given with Redirect")]
    public string? To { get; init; }

    /// <summary>Default 302.</summary>
    [RedirectStatus("Status of a redirection")]
    public int Status { get; init; } = 302;

    /// <summary>Default none.</summary>
    [Name("Limit of Granary:RateLimits for what the rule allows, for each user, or client where it is not known who it is")]
    public string? Limit { get; init; }

    /// <summary>0 … 100 GiB. Default 0: as fast as it goes.</summary>
    [Size("Bytes a second towards each user, or client where it is not known who it is, of what the rule allows; 0B for as fast as it goes", "0B", "100GiB")]
    public long Bandwidth { get; init; }

    /// <summary>Default false: at level Debug, if it denies or redirects.</summary>
    [Flag("Whether each request that it decides is logged at level Information")]
    public bool Log { get; init; }

    /// <summary>Default what Granary:Egress:From says.</summary>
    [Sources("Addresses of this machine that tunnels and passed requests which the rule allows come from; fetches are shared, and have those of Granary:Egress:From", DefaultText = "what Granary:Egress:From says")]
    public SourceAddresses? EgressFrom { get; init; }

    /// <summary>Its name, or what it is called by its place.</summary>
    public string TitleAt(int place) => Name ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rule-{place + 1}");
}
