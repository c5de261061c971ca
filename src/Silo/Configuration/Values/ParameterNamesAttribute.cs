using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of names of query parameters; one may end in an asterisk.</summary>
public sealed class ParameterNamesAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "NAMES";

    public override string Allowed => "names of query parameters as they are written in URLs, such as fbclid or utm_*, separated by ; or ,, or nothing";

    public override object? Read(string text)
    {
        var names = Lists.Split(text);
        return names.All(IsName) ? names.ToImmutableArray() : null;
    }

    public override string Show(object value) => (ImmutableArray<string>)value is { IsEmpty: false } names ? string.Join(", ", names) : "none";

    // The asterisk alone would take every parameter away.
    private static bool IsName(string text) =>
        text != "*" && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny("&=#?") && text.AsSpan(0, text.Length - 1).IndexOf('*') < 0;
}
