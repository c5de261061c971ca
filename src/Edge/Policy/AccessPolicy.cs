using System.Collections.Immutable;
using Granary.Edge.Policy.Lists;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

/// <summary>Ordered rules, of which the first that matches decides. Immutable, but for what its lists have.</summary>
/// <param name="except">Hosts whose tunnels no rule inspects.</param>
internal sealed class AccessPolicy(PolicySettings settings, ImmutableArray<LoadedList> lists, ImmutableArray<HostPattern> except = default)
{
    private readonly Criterion? _except = except.IsDefaultOrEmpty ? null : new Criterion("Except", RuleCriteria.Hosts(except, lists));

    private readonly PolicyRule _default = PolicyRule.Default(settings.Default);

    public PolicyDefault Default => settings.Default;

    public ImmutableArray<PolicyRule> Rules { get; } = [.. settings.Rules.Select((rule, place) => PolicyRule.Of(rule, place, lists))];

    public ImmutableArray<LoadedList> Lists => lists;

    /// <summary>Null where nothing is decided.</summary>
    public static AccessPolicy? Of(PolicySettings settings, ImmutableArray<LoadedList> lists, ImmutableArray<HostPattern> except = default) =>
        settings is { Default: PolicyDefault.Allow, Rules.IsEmpty: true } ? null : new AccessPolicy(settings, lists, except);

    /// <param name="passedOver">Is told of each rule before, and which of its criteria did not match.</param>
    public Judgment Judge(PolicyRequest request, Action<PolicyRule, Criterion>? passedOver = null)
    {
        if (request.Host is null) return new Judgment(Verdict.Deny, PolicyRule.Unreadable);
        foreach (var rule in Rules)
        {
            var fit = rule.Of(request, out var against);
            if (fit is not Fit.No) return Of(rule, fit, against, request);
            passedOver?.Invoke(rule, against!);
        }

        return Of(_default, Fit.Yes, null, request);
    }

    private Judgment Of(PolicyRule rule, Fit fit, Criterion? against, PolicyRequest request) => fit switch
    {
        Fit.NeedsAddresses => new Judgment(Verdict.NeedsAddresses, rule, against),
        Fit.ListMissing => new Judgment(Verdict.Deny, rule, against),
        _ when rule.Settings.Action is PolicyAction.Inspect => Inspected(rule, request),
        _ => new Judgment(rule.Settings.Action switch
        {
            PolicyAction.Allow => Verdict.Allow,
            PolicyAction.Redirect when request.Scheme is not null => Verdict.Redirect,
            _ => Verdict.Deny,
        }, rule),
    };

    // What is asked in a tunnel has come out of one that is open. Where nobody knows whether a host is an exception, its tunnel is neither opened nor let through.
    private Judgment Inspected(PolicyRule rule, PolicyRequest request) => request.Scheme is not null ? new Judgment(Verdict.Allow, rule) : _except?.Of(request) switch
    {
        Fit.Yes => new Judgment(Verdict.Splice, rule),
        Fit.ListMissing => new Judgment(Verdict.Deny, rule, _except),
        _ => new Judgment(Verdict.Inspect, rule),
    };
}
