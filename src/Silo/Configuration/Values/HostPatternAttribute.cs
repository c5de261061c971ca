namespace Granary.Silo.Configuration.Values;

/// <summary>A name as clients of TLS ask for it, or an asterisk in place of what stands before a dot, or of everything.</summary>
public sealed class HostPatternAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "PATTERN";

    public override string Allowed => "a host name such as git.example.com, *.example.com for every name below it, or * for every name";

    public override object? Read(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return text == "*" || (IsName(name) && !name.Split('.')[^1].All(char.IsAsciiDigit)) ? text.ToLowerInvariant() : null;
    }

    // As names stand in a ClientHello: A-labels, no dot at the end (RFC 6066 §3).
    private static bool IsName(string text) =>
        text.Length is > 0 and <= 253 && text.Split('.').All(static label =>
            label.Length is > 0 and <= 63 && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
