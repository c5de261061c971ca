using System.Collections.Immutable;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;

namespace Granary.Edge.Presenting;

/// <summary>An operator's rules for fields, whatever the route: on requests before they are looked up, so that a response which varies by such a field varies rightly; on responses as they leave.</summary>
internal sealed class FieldRules(Func<ImmutableArray<FieldRuleSettings>> requests, Func<ImmutableArray<FieldRuleSettings>> responses)
{
    public FieldLines OfRequest(FieldLines fields) => Apply(requests(), fields);

    public FieldLines OfResponse(FieldLines fields) => Apply(responses(), fields);

    private static FieldLines Apply(ImmutableArray<FieldRuleSettings> rules, FieldLines fields)
    {
        foreach (var rule in rules)
            fields = rule.Do switch
            {
                FieldRule.Set => fields.With(rule.Name, rule.Value!),
                FieldRule.Add => fields.Add(rule.Name, rule.Value!),
                _ => fields.Without(rule.Name),
            };
        return fields;
    }
}
