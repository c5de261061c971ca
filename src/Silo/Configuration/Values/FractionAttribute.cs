using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>A share of one.</summary>
public sealed class FractionAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "0…1";

    public override string Allowed => "a number from 0 to 1, such as 0.1";

    public override object? Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number : null;
}
