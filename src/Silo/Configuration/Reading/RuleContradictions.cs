namespace Granary.Silo.Configuration.Reading;

/// <summary>Rules that cannot be as they are written.</summary>
internal static class RuleContradictions
{
    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings) =>
        [.. Fields("Granary:RequestFields", settings.RequestFields), .. Fields("Granary:ResponseFields", settings.ResponseFields), .. Redirects(settings)];

    private static IEnumerable<(string, string?, string)> Fields(string key, IReadOnlyList<FieldRuleSettings> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Do is FieldRule.Remove && rules[i].Value is { } idle) yield return ($"{key}:{i}:Value", idle, "no value, since the field is removed");
            if (rules[i].Do is not FieldRule.Remove && rules[i].Value is null) yield return ($"{key}:{i}:Value", null, "a value, or Remove as Do");
        }
    }

    private static IEnumerable<(string, string?, string)> Redirects(GranarySettings settings)
    {
        for (var i = 0; i < settings.Redirects.Length; i++)
            if (settings.Redirects[i].To.EndsWith('*') && !settings.Redirects[i].From.IsPrefix)
                yield return ($"Granary:Redirects:{i}:To", settings.Redirects[i].To, "an asterisk only where From has one");
    }
}
