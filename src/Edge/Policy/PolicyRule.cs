using System.Collections.Immutable;
using Granary.Edge.Policy.Lists;
using Granary.Silo.Configuration;

namespace Granary.Edge.Policy;

/// <summary>A rule, ready to be compared.</summary>
/// <param name="Settings">What it does.</param>
/// <param name="Title">What it is called.</param>
internal sealed record PolicyRule(PolicyRuleSettings Settings, string Title, ImmutableArray<Criterion> Criteria)
{
    /// <summary>A target that cannot be read: which rule it would meet, nobody knows.</summary>
    public static readonly PolicyRule Unreadable = new(new PolicyRuleSettings { Action = PolicyAction.Deny }, "unreadable", []);

    public static PolicyRule Of(PolicyRuleSettings settings, int place, ImmutableArray<LoadedList> lists) => new(settings, settings.TitleAt(place), RuleCriteria.Of(settings, lists));

    /// <summary>What decides where no rule matches.</summary>
    public static PolicyRule Default(PolicyDefault action) => new(new PolicyRuleSettings { Action = action is PolicyDefault.Deny ? PolicyAction.Deny : PolicyAction.Allow }, "default", []);

    /// <param name="against">The criterion that does not match, or cannot tell.</param>
    public Fit Of(PolicyRequest request, out Criterion? against)
    {
        var all = Fit.Yes;
        against = null;
        foreach (var criterion in Criteria)
        {
            var fit = criterion.Of(request);
            if (fit is Fit.Yes || (fit is Fit.ListMissing && all is Fit.NeedsAddresses)) continue;
            (all, against) = (fit, criterion);
            if (fit is Fit.No) break;
        }

        return all;
    }
}
