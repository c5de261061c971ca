using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of patterns for URLs.</summary>
public sealed class UrlPatternsAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "URLS";

    public override string Allowed => "patterns such as http://www.example.com/ads/*, *://.example.com/*.mp4 or http://*:*/login, as scheme://host:port/path with * in the path for anything, separated by ; or spaces";

    public override object? Read(string text)
    {
        var urls = text.Split([';', ' '], StringSplitOptions.RemoveEmptyEntries).Select(UrlPattern.Parse).ToArray();
        return urls.Length == 0 || urls.Contains(null) ? null : urls.Select(static url => url!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(" ", (ImmutableArray<UrlPattern>)value);
}
