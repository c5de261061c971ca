namespace Granary.Edge.Presenting;

/// <summary>Our name in Via (RFC 9110 §7.6.3) and Cache-Status (RFC 9211 §2).</summary>
public sealed record Pseudonym(string Name)
{
    public override string ToString() => Name;
}
