using System.Collections.Immutable;
using Granary.Edge.Policy.Lists;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy;

/// <summary>Ordered rules, of which the first that matches decides. Immutable, but for what its lists have.</summary>
internal sealed class AccessPolicy(PolicySettings settings, ImmutableArray<LoadedList> lists)
{
    private readonly PolicyRule _default = PolicyRule.Default(settings.Default);

    public PolicyDefault Default => settings.Default;

    public ImmutableArray<PolicyRule> Rules { get; } = [.. settings.Rules.Select((rule, place) => PolicyRule.Of(rule, place, lists))];

    public ImmutableArray<LoadedList> Lists => lists;

    /// <summary>Null where nothing is decided.</summary>
    public static AccessPolicy? Of(PolicySettings settings, ImmutableArray<LoadedList> lists) =>
        settings is { Default: PolicyDefault.Allow, Rules.IsEmpty: true } ? null : new AccessPolicy(settings, lists);

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

    private static Judgment Of(PolicyRule rule, Fit fit, Criterion? against, PolicyRequest request) => fit switch
    {
        Fit.NeedsAddresses => new Judgment(Verdict.NeedsAddresses, rule, against),
        Fit.ListMissing => new Judgment(Verdict.Deny, rule, against),
        _ => new Judgment(rule.Settings.Action switch
        {
            PolicyAction.Allow => Verdict.Allow,
            PolicyAction.Redirect when request.Scheme is not null => Verdict.Redirect,
            _ => Verdict.Deny,
        }, rule),
    };
}
