namespace Granary.Silo.Configuration.Values;

/// <summary>Stands beside a setting and says all there is to say of it: what it is for, what is allowed, how a switch names it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class SettingAttribute(string summary) : Attribute
{
    /// <summary>One line for people.</summary>
    public string Summary { get; } = summary;

    /// <summary>The command-line switch, if it has one of its own.</summary>
    public string? Switch { get; init; }

    /// <summary>What to write instead of the value in help texts.</summary>
    public abstract string Argument { get; }

    /// <summary>What a value may be, to be read after "allowed:".</summary>
    public abstract string Allowed { get; }

    /// <summary>The default in words, where the value itself is not telling.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Holds from the next start on; the others hold as soon as the file is read again.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>A record in a list that says nothing of it is a mistake.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The value must not be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Several values, separated by <c>;</c> or <c>,</c> or written as an array.</summary>
    public virtual bool IsList => false;

    /// <summary>The value; null if the text is not allowed.</summary>
    public abstract object? Read(string text);

    /// <summary>What the user may have meant by a text that is not allowed.</summary>
    public virtual string? Suggest(string text) => null;

    /// <summary>A value as one would write it.</summary>
    public virtual string Show(object value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
