using System.Diagnostics.Metrics;

namespace Granary.Edge.Policy;

/// <summary>What rules have decided: <c>granary_policy_verdicts_total{rule,verdict}</c>. There are as many rules as the operator writes.</summary>
internal sealed class VerdictMeter(IMeterFactory meters)
{
    private readonly Counter<long> _verdicts = meters.Create("Granary.Edge").CreateCounter<long>("granary.policy.verdicts", description: "Requests to the forward proxy, by the rule that decided and what it decided.");

    public void Add(Judgment judgment) => _verdicts.Add(1, new("rule", judgment.Rule.Title), new("verdict", judgment.Verdict switch
    {
        Verdict.Allow => "allow",
        Verdict.Redirect => "redirect",
        _ => "deny",
    }));
}
