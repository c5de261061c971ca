namespace Granary.Semantics.Fields;

/// <summary>One field line as it was received: a name and a value. RFC 9110 §5.</summary>
/// <param name="Name">The field name in the case it was received; compared without regard to case.</param>
/// <param name="Value">The field value with surrounding whitespace removed; each char is one byte (Latin-1).</param>
public readonly record struct FieldLine(string Name, string Value)
{
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Name}: {Value}";
}
