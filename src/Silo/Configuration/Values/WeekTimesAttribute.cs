using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of times of the week.</summary>
public sealed class WeekTimesAttribute(string summary) : SettingAttribute(summary)
{
    public override bool IsList => true;

    public override string Argument => "TIMES";

    public override string Allowed => "times such as Mon-Fri 08:00-18:00, Sat,Sun or 22:00-06:00, days and hours, separated by ;";

    public override object? Read(string text)
    {
        var times = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(WeekTime.Parse).ToArray();
        return times.Length == 0 || times.Contains(null) ? null : times.Select(static time => time!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join("; ", (ImmutableArray<WeekTime>)value);
}

/// <summary>A time zone by its name in the IANA database.</summary>
public sealed class TimeZoneAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "ZONE";

    public override string Allowed => "the IANA name of a time zone that this machine knows, such as Europe/Berlin, or UTC";

    public override object? Read(string text) => text.Length > 0 && !Path.IsPathRooted(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? zone : null;

    public override string Show(object value) => ((TimeZoneInfo)value).Id;
}
