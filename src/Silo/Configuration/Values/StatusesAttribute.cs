using System.Collections.Immutable;
using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of statuses of failures (RFC 9110 §15.5, §15.6); an empty text is an empty list.</summary>
public sealed class StatusesAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "STATUSES";

    public override string Allowed => "statuses from 400 to 599, separated by ; or ,, or nothing";

    public override object? Read(string text)
    {
        var statuses = ImmutableArray.CreateBuilder<int>();
        foreach (var each in Lists.Split(text))
        {
            if (!int.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 400 or > 599) return null;
            statuses.Add(status);
        }

        return statuses.ToImmutable();
    }

    public override string Show(object value) => (ImmutableArray<int>)value is { IsEmpty: false } statuses ? string.Join(", ", statuses) : "none";
}
