using System.Buffers;

namespace Granary.Silo.Configuration.Values;

/// <summary>A token of RFC 9110 §5.6.2, short enough for a field value.</summary>
public sealed class TokenAttribute(string summary, int most) : SettingAttribute(summary)
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public override string Argument => "TOKEN";

    public override string Allowed => $"1 to {most} letters, digits or any of !#$%&'*+-.^_`|~";

    public override object? Read(string text) =>
        text.Length > 0 && text.Length <= most && !text.AsSpan().ContainsAnyExcept(TokenChars) ? text : null;
}
