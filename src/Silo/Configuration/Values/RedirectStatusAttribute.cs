using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>A redirection, RFC 9110 §15.4.</summary>
public sealed class RedirectStatusAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "STATUS";

    public override string Allowed => "301, 302, 303, 307 or 308";

    public override object? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is 301 or 302 or 303 or 307 or 308 ? status : null;
}
