using System.Globalization;

namespace Granary.Silo.Configuration.Values;

/// <summary>Hours of some days: <c>Mon-Fri 08:00-18:00</c>, <c>Sat,Sun</c>, <c>22:00-06:00</c>. An end that is not after the beginning is on the next day.</summary>
/// <param name="Days">Those on which it begins, a bit for each from Sunday on.</param>
/// <param name="From">Minutes since midnight.</param>
/// <param name="To">Minutes since the midnight on which the day begins; more than a day's if it ends on the next one.</param>
public sealed record WeekTime(int Days, int From, int To)
{
    private const int Day = 24 * 60, EveryDay = 0x7F;

    private static readonly string[] Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    public static WeekTime? Parse(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var one] when char.IsAsciiDigit(one[0]) => Of(EveryDay, one),
        [var one] => Of(DaysOf(one), "00:00-24:00"),
        [var days, var hours] => Of(DaysOf(days), hours),
        _ => null,
    };

    /// <param name="local">By the clock on the wall where the times are told.</param>
    public bool Contains(DateTime local)
    {
        var (day, minute) = ((int)local.DayOfWeek, (local.Hour * 60) + local.Minute);
        return (Begins(day) && minute >= From && minute < To) || (Begins((day + 6) % 7) && minute + Day < To);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', Names.Where((_, day) => Begins(day)))} {From / 60:00}:{From % 60:00}-{(To > Day ? To - Day : To) / 60:00}:{To % 60:00}");

    private bool Begins(int day) => (Days >> day & 1) == 1;

    private static WeekTime? Of(int? days, string hours)
    {
        if (days is not { } known || hours.Split('-') is not [var first, var last] || Minute(first) is not { } from || Minute(last) is not { } to || from == Day) return null;
        return new WeekTime(known, from, to > from ? to : to + Day);
    }

    private static int? DaysOf(string text)
    {
        var days = 0;
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-').Select(static name => Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
            if (ends.Length > 2 || ends.Contains(-1)) return null;
            for (var day = ends[0]; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == ends[^1]) break;
            }
        }

        return days;
    }

    private static int? Minute(string text) =>
        text is [>= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
        && (int.Parse(text[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(text[3..], CultureInfo.InvariantCulture) is <= Day and var minute ? minute : null;
}
