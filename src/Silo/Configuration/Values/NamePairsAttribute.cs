using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of inner names and what they are mapped to.</summary>
public sealed class NamePairsAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "INNER[=OUTER]";

    public override string Allowed => "URLs such as http://cms.internal:8080 or http://cms.internal:8080/app=https://www.example.com/cms, without user, query or fragment, separated by ; or ,, or nothing";

    public override object? Read(string text)
    {
        var pairs = Lists.Split(text).Select(NamePair.Parse).ToArray();
        return pairs.Contains(null) ? null : pairs.ToImmutableArray();
    }

    public override string Show(object value) => (ImmutableArray<NamePair>)value is { IsEmpty: false } pairs ? string.Join(';', pairs) : "none";
}
