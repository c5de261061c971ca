namespace Granary.Semantics.Fields.Structured;

/// <summary>The types of RFC 8941 §3.1.1 and §3.3.</summary>
public enum StructuredType
{
    Integer,
    Decimal,
    String,
    Token,
    Bytes,
    Boolean,
    InnerList,
}

/// <summary>One value of a structured field without its parameters. Only what rules of caching ask for is kept of it.</summary>
/// <param name="Integer">The number of an Integer; 0 or 1 of a Boolean.</param>
/// <param name="Text">The characters of a String, unescaped, or of a Token.</param>
public readonly record struct StructuredValue(StructuredType Type, long Integer = 0, string? Text = null)
{
    public static readonly StructuredValue True = new(StructuredType.Boolean, 1);

    public bool IsTrue => Type == StructuredType.Boolean && Integer == 1;

    public bool IsFalse => Type == StructuredType.Boolean && Integer == 0;
}

/// <summary>One member of a Dictionary, RFC 8941 §3.2.</summary>
public readonly record struct StructuredMember(string Key, StructuredValue Value);
