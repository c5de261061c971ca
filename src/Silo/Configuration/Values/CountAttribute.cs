using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>A whole number between two others.</summary>
public sealed class CountAttribute(string summary, int least, int most) : SettingAttribute(summary)
{
    public override string Argument => "N";

    public override string Allowed => $"a whole number from {least} to {most}";

    public override object? Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
