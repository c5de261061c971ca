namespace Granary.Edge.Policy;

/// <summary>What becomes of a request.</summary>
internal enum Verdict
{
    Allow,
    Deny,
    Redirect,

    /// <summary>Allowed, and the tunnel is to be opened.</summary>
    Inspect,

    /// <summary>Allowed, and left closed although its rule inspects: it is one of the exceptions.</summary>
    Splice,

    /// <summary>Nothing yet: the host has to be resolved first.</summary>
    NeedsAddresses,
}

/// <param name="Rule">The one that decided.</param>
/// <param name="Reason">A criterion that could not tell, and therefore denied; null as a rule.</param>
internal readonly record struct Judgment(Verdict Verdict, PolicyRule Rule, Criterion? Reason = null);
