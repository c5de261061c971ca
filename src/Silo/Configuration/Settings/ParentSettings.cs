using System.Collections.Immutable;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Proxies between this one and some destinations.</summary>
public sealed record ParentSettings
{
    /// <summary>Default parents-1 and so on, by its place.</summary>
    [Name("What they are called in logs and metrics", NeedsRestart = true, DefaultText = "parents-1 and so on, by their place")]
    public string? Name { get; init; }

    /// <summary>Default none: what is served is gone to directly.</summary>
    [ParentProxies("The proxies, all http or all socks5; none: these hosts are gone to directly", NeedsRestart = true, DefaultText = "none: directly")]
    public ImmutableArray<Uri> Proxies { get; init; } = [];

    /// <summary>Default any.</summary>
    [HostPatterns("Hosts that they lead to; without lists", NeedsRestart = true, DefaultText = "any")]
    public ImmutableArray<HostPattern> Hosts { get; init; } = [];

    /// <summary>Default any.</summary>
    [Networks("Addresses that they lead to, where a client names an address", NeedsRestart = true, DefaultText = "any")]
    public CidrSet? Networks { get; init; }

    /// <summary>Default InOrder.</summary>
    [OneOf("Which of them is tried first: the first that is well, or each in its turn", typeof(ParentBalance), NeedsRestart = true)]
    public ParentBalance Balance { get; init; }

    /// <summary>Default Refuse.</summary>
    [OneOf("What is done when none of them can be used", typeof(ParentFallback), NeedsRestart = true)]
    public ParentFallback Fallback { get; init; }

    /// <summary>Default none.</summary>
    [FieldValue("Who we are to them", NeedsRestart = true, DefaultText = "none")]
    public string? User { get; init; }

    /// <summary>Default none.</summary>
    [File("File whose first line is the password", NeedsRestart = true)]
    public string? PasswordFile { get; init; }

    /// <summary>Default none.</summary>
    [Name("Environment variable that has the password", NeedsRestart = true)]
    public string? PasswordVariable { get; init; }

    /// <summary>Its name, or what it is called by its place.</summary>
    public string TitleAt(int place) => Name ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"parents-{place + 1}");
}

/// <summary>Which parent is tried first.</summary>
public enum ParentBalance
{
    InOrder,
    RoundRobin,
}

/// <summary>What is done when no parent can be used.</summary>
public enum ParentFallback
{
    /// <summary>An error.</summary>
    Refuse,

    /// <summary>The destination is gone to directly.</summary>
    Direct,
}
