namespace Granary.Silo.Configuration.Values;

/// <summary>A duration between two others.</summary>
public sealed class DurationAttribute(string summary, string least, string most) : SettingAttribute(summary)
{
    public override string Argument => "TIME";

    public override string Allowed => $"a duration such as 500ms, 5s, 2m, 1h, 1d or 00:00:05, from {least} to {most}";

    public override object? Read(string text) =>
        Duration.Parse(text) is { } span && span >= Duration.Parse(least) && span <= Duration.Parse(most) ? span : null;

    public override string? Suggest(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) ? $"{text}s" : null;

    public override string Show(object value) => Duration.Show((TimeSpan)value);
}
