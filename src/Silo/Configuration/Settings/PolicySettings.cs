using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What clients of the forward proxy may do: the first rule that matches decides.</summary>
public sealed record PolicySettings
{
    /// <summary>Default Allow.</summary>
    [OneOf("What becomes of requests to the forward proxy that no rule matches", typeof(PolicyDefault))]
    public PolicyDefault Default { get; init; }

    /// <summary>Default none.</summary>
    public ImmutableArray<PolicyRuleSettings> Rules { get; init; } = [];

    /// <summary>Default none.</summary>
    public ImmutableArray<PolicyListSettings> Lists { get; init; } = [];
}

/// <summary>What becomes of requests that no rule matches.</summary>
public enum PolicyDefault
{
    Allow,
    Deny,
}

/// <summary>What a rule does.</summary>
public enum PolicyAction
{
    Allow,

    /// <summary>403.</summary>
    Deny,

    /// <summary>To another URL; a tunnel is denied.</summary>
    Redirect,

    /// <summary>Allow; a tunnel is opened, and what is asked in it is judged request by request.</summary>
    Inspect,
}

/// <summary>What becomes of a request that a rule matches but for a list that has never been loaded.</summary>
public enum WhenMissing
{
    Deny,

    /// <summary>The list counts as empty.</summary>
    Skip,
}
