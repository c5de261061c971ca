using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Granary.Edge.Policy.Lists;

namespace Granary.Edge.Policy;

/// <summary>
/// What rules have decided (<c>granary_policy_verdicts_total{rule,verdict}</c>), and what lists have: <c>granary_policy_list_domains{list}</c>, <c>granary_policy_list_age_seconds{list}</c>. There are as many as the operator writes.
/// </summary>
internal sealed class PolicyMeter
{
    private readonly Counter<long> _verdicts;
    private readonly long[] _sums = new long[Words.Length];

    public PolicyMeter(IMeterFactory meters, PolicyLists lists, TimeProvider clock)
    {
        var meter = meters.Create("Granary.Edge");
        _verdicts = meter.CreateCounter<long>("granary.policy.verdicts", description: "Requests to the forward proxy, by the rule that decided and what it decided.");
        meter.CreateObservableGauge("granary.policy.list.domains", () => Each(lists, static known => (long)known.Reading.Domains.Count), description: "Domains in a list.");
        meter.CreateObservableGauge("granary.policy.list.age", () => Each(lists, known => Math.Max(0, (long)(clock.GetUtcNow() - known.At).TotalSeconds)), unit: "s", description: "Time since a list was loaded, or its source said that it is still so.");
    }

    public static ImmutableArray<string> Words { get; } = ["allow", "deny", "redirect", "inspect", "splice"];

    public void Add(Judgment judgment)
    {
        var word = judgment.Verdict switch { Verdict.Allow => 0, Verdict.Redirect => 2, Verdict.Inspect => 3, Verdict.Splice => 4, _ => 1 };
        Interlocked.Increment(ref _sums[word]);
        _verdicts.Add(1, new("rule", judgment.Rule.Title), new("verdict", Words[word]));
    }

    /// <summary>Of all rules together since the start, in the order of <see cref="Words"/>.</summary>
    public ImmutableArray<long> Sums() => [.. _sums];

    private static IEnumerable<Measurement<long>> Each(PolicyLists lists, Func<LoadedList.Known, long> value) =>
        from list in lists.All let known = list.Now where known is not null select new Measurement<long>(value(known), new KeyValuePair<string, object?>("list", list.Name));
}
