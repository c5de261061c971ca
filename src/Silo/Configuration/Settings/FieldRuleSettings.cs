using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What a rule does with a field.</summary>
public enum FieldRule
{
    /// <summary>In place of what is there.</summary>
    Set,

    /// <summary>Behind what is there.</summary>
    Add,

    Remove,
}

/// <summary>One rule for one field, on every request or every response; rules are applied in their order.</summary>
public sealed record FieldRuleSettings
{
    /// <summary>Has to be given.</summary>
    [RuleFieldName("Field", IsRequired = true)]
    public string Name { get; init; } = "";

    /// <summary>Default Set.</summary>
    [OneOf("What is done with it: in place of what is there, behind it, or taken away", typeof(FieldRule))]
    public FieldRule Do { get; init; }

    /// <summary>Has to be given unless the field is removed.</summary>
    [FieldValue("Its value", DefaultText = "none: it has to be given to set or add")]
    public string? Value { get; init; }
}
