using System.Globalization;

namespace Granary.Semantics.Fields;

/// <summary>
/// HTTP-date, RFC 9110 §5.6.7: all three forms are read, only IMF-fixdate is written. Case does not matter (RFC 9111 §4.2);
/// a zone other than GMT, a one-digit hour or any other departure makes the date invalid.
/// </summary>
public static class HttpDate
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static string Format(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    /// <param name="text">The field value; null is no date.</param>
    /// <param name="now">Decides the century of a two-digit year: more than 50 years ahead is in the past.</param>
    /// <param name="date">The instant, in UTC.</param>
    public static bool TryParse(string? text, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        var rest = Grammar.TrimWhitespace(text);
        if (rest.Length is < 24 or > 33) return false;
        if (rest[3] == ',') return IsDay(rest[..3]) && TryFixdate(rest[4..], out date);
        if (rest[3] == ' ') return IsDay(rest[..3]) && TryAsctime(rest[4..], out date);
        var comma = rest.IndexOf(',');
        return comma > 0 && IsLongDay(rest[..comma]) && TryRfc850(rest[(comma + 1)..], now, out date);
    }

    /// <summary>Reads the first line of that name.</summary>
    public static DateTimeOffset? Of(FieldLines fields, string name, DateTimeOffset now) =>
        TryParse(fields.First(name), now, out var date) ? date : null;

    // " 06 Nov 1994 08:49:37 GMT"
    private static bool TryFixdate(ReadOnlySpan<char> s, out DateTimeOffset date)
    {
        date = default;
        return s.Length == 25 && s[0] == ' ' && s[3] == ' ' && s[7] == ' ' && s[12] == ' ' && IsGmt(s[21..])
            && TryMake(Number(s[8..12]), Month(s[4..7]), Number(s[1..3]), s[13..21], out date);
    }

    // " 06-Nov-94 08:49:37 GMT"
    private static bool TryRfc850(ReadOnlySpan<char> s, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        if (s.Length != 23 || s[0] != ' ' || s[3] != '-' || s[7] != '-' || s[10] != ' ' || !IsGmt(s[19..])) return false;
        var year = Number(s[8..10]);
        if (year < 0) return false;
        year = FullYear(year, now.UtcDateTime.Year);
        if (!TryMake(year, Month(s[4..7]), Number(s[1..3]), s[11..19], out date)) return false;
        if (now.Year <= 9949 && date > now.ToUniversalTime().AddYears(50))
            return TryMake(year - 100, Month(s[4..7]), Number(s[1..3]), s[11..19], out date);
        return true;
    }

    // "Nov  6 08:49:37 1994"
    private static bool TryAsctime(ReadOnlySpan<char> s, out DateTimeOffset date)
    {
        date = default;
        if (s.Length != 20 || s[3] != ' ' || s[6] != ' ' || s[15] != ' ') return false;
        var day = s[4] == ' ' ? Number(s[5..6]) : Number(s[4..6]);
        return TryMake(Number(s[16..20]), Month(s[..3]), day, s[7..15], out date);
    }

    private static bool TryMake(int year, int month, int day, ReadOnlySpan<char> clock, out DateTimeOffset date)
    {
        date = default;
        var (hour, minute, second) = (Number(clock[..2]), Number(clock[3..5]), Number(clock[6..8]));
        if (clock[2] != ':' || clock[5] != ':' || year is < 1 or > 9999 || month < 1 || day < 1) return false;
        if (day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60) return false;
        date = new DateTimeOffset(year, month, day, hour, minute, Math.Min(second, 59), TimeSpan.Zero); // 60: a leap second
        return true;
    }

    // The year with these last two digits that is nearest ahead, at most 50 years off (year granularity; the caller checks the rest).
    private static int FullYear(int lastTwo, int now)
    {
        var year = now - (now % 100) + lastTwo;
        if (year > now + 50) year -= 100;
        else if (year <= now - 50 && year <= 9899) year += 100;
        return year;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c)) return -1;
            number = (number * 10) + (c - '0');
        }

        return number;
    }

    private static int Month(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < 12; i++)
            if (name.Equals(Months.AsSpan(i * 3, 3), StringComparison.OrdinalIgnoreCase)) return i + 1;
        return -1;
    }

    private static bool IsGmt(ReadOnlySpan<char> zone) => zone.Equals(" GMT", StringComparison.OrdinalIgnoreCase);

    private static bool IsDay(ReadOnlySpan<char> name)
    {
        foreach (var day in Days)
            if (name.Equals(day.AsSpan(0, 3), StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsLongDay(ReadOnlySpan<char> name)
    {
        foreach (var day in Days)
            if (name.Equals(day, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
