using System.Globalization;
using Granary.Semantics.Fields;
using Granary.Semantics.Fields.Structured;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using static Granary.Fuzz.Surfaces;

namespace Granary.Fuzz;

/// <summary>One field each.</summary>
internal static class FieldSurfaces
{
    public static readonly IReadOnlyList<Surface> All =
    [
        new("Cache-Control", ["max-age=60", "public, s-maxage=\"60\", no-cache=\"a, b\"", "private=\"Set-Cookie\", max-stale, min-fresh=1", "max-age=1.5\nmax-age=-1", "stale-while-revalidate=1, stale-if-error=2, must-understand, no-store"], CacheControls),
        new("targeted", ["max-age=60, s-maxage=1;a=b", "no-cache=\"a\", private=?0, public", "max-age=99999999999"], Targeted),
        new("structured", ["a=1, b;c=\"d\", e=(1 2);f, g=?0, h=:YWJj:, i=1.5, j=tok/en", "(\"a\" \"b\");c, \"x\\\"y\", -5", "*a=*"], StructuredFields),
        new("date", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Fri, 31 Dec 9999 23:59:60 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"], Dates),
        new("ETag", ["\"a\"", "W/\"a,b\"", "w/\"\\\"", "a", "\"\""], EntityTags),
        new("Range", ["bytes=0-1", "bytes=-5", "bytes=5-", "bytes=0-0, 2-3 , -1", "bytes=9223372036854775807-", "bytes=1-0"], RangeFields),
        new("Content-Range", ["bytes 0-1/2", "bytes 5-9/*", "bytes */10", "bytes 0-9223372036854775806/9223372036854775807"], ContentRanges),
        new("Via", ["1.1 a", "1.0 fred, 1.1 granary (x, y)", "2 b (((", "HTTP/1.1 [::1]:80 (a\\)b)"], Vias),
        new("Age", ["0", "60", "-1", "1, 2", "99999999999999999999"], Ages),
    ];

    private static int CacheControls(string input)
    {
        var lines = Lines("Cache-Control", input);
        var (response, request) = (CacheControl.OfResponse(lines), CacheControl.OfRequest(lines));
        foreach (var time in new[] { response.MaxAge, response.SMaxAge, response.MinFresh, response.StaleWhileRevalidate, response.StaleIfError }) IsTime(time);
        Must.Hold(request.MaxStale is null || request.MaxStale == TimeSpan.MaxValue || request.MaxStale <= DeltaSeconds.Max, "max-stale has no end");
        var twice = CacheControl.OfResponse(Lines("Cache-Control", $"{input}\n{input}"));
        Must.Be((twice.MaxAge, twice.SMaxAge, twice.NoStore, twice.Private, twice.Public, twice.NoCache), (response.MaxAge, response.SMaxAge, response.NoStore, response.Private, response.Public, response.NoCache), "said twice");
        var forbidden = CacheControl.OfResponse(Lines("cache-control", $"{input}\nNO-STORE"));
        Must.Hold(forbidden.NoStore && forbidden.MaxAge == response.MaxAge, "no-store on a line of its own was not seen");
        var shorter = CacheControl.OfResponse(Lines("Cache-Control", $"{input}\nmax-age=0"));
        Must.Be(shorter.MaxAge, TimeSpan.Zero, "of repeated lifetimes the shortest");
        return Kind(response.NoStore, response.NoCache, response.Private, response.Public, response.MaxAge is null, response.SMaxAge is null, response.NoCacheFields.Length, response.PrivateFields.Length, response.MustUnderstand, request.MaxStale is null, request.OnlyIfCached);
    }

    private static int Targeted(string input)
    {
        var lines = Lines("CDN-Cache-Control", input).Add("Cache-Control", "max-age=7");
        var policy = CacheControl.OfResponse(lines, TargetList.Cdn);
        foreach (var time in new[] { policy.MaxAge, policy.SMaxAge, policy.StaleIfError, policy.StaleWhileRevalidate }) IsTime(time);
        Must.Hold(policy.IsTargeted || policy.MaxAge == TimeSpan.FromSeconds(7), "an ignored field leaves Cache-Control");
        return Kind(policy.IsTargeted, policy.NoStore, policy.Private, policy.MaxAge is null);
    }

    private static int StructuredFields(string input)
    {
        var (dictionary, list) = (StructuredField.Dictionary(Lines("a", input), "a"), StructuredField.List(Lines("a", input), "a"));
        Must.Be(StructuredField.List(Lines("a", "  " + input), "a")?.Length, list?.Length, "leading spaces");
        foreach (var value in list ?? []) IsValue(value);
        foreach (var member in dictionary ?? []) IsValue(member.Value);
        Must.Hold(dictionary is null || dictionary.Value.Select(member => member.Key).Distinct().Count() == dictionary.Value.Length, "a key twice");
        return Kind(dictionary?.Length, list?.Length, list is { IsEmpty: false } some ? some[0].Type : null);
    }

    private static void IsValue(StructuredValue value)
    {
        Must.Hold(value.Integer is >= -999_999_999_999_999 and <= 999_999_999_999_999, "an Integer beyond 15 digits");
        Must.Hold(value.Type != StructuredType.String || !value.Text!.AsSpan().ContainsAnyExceptInRange(' ', '~'), "a String with more than printable ASCII");
    }

    private static int Dates(string input)
    {
        var isDate = HttpDate.TryParse(input, Now, out var date);
        if (!isDate) return Kind(false);
        Must.Be(date.Offset, TimeSpan.Zero, "an offset");
        Must.Hold(HttpDate.TryParse(HttpDate.Format(date), Now, out var again) && again == date, $"{HttpDate.Format(date)} does not read back as {date:o}");
        return Kind(true, input.Length, date.Year / 100);
    }

    private static int EntityTags(string input)
    {
        var lists = Lines("If-None-Match", input);
        if (!EntityTag.TryParse(input, out var tag)) return Kind(false, EntityTag.ListHolds(lists, "If-None-Match", new EntityTag("a", false)));
        Must.Hold(EntityTag.TryParse(tag.ToString(), out var again) && again == tag, $"{tag} does not read back");
        Must.Hold(EntityTag.ListHolds(Lines("If-None-Match", $"\"zz\", {tag} ,W/\"yy\""), "If-None-Match", tag), $"{tag} is not found in a list");
        return Kind(true, tag.IsWeak, tag.Opaque.Length);
    }

    private static int RangeFields(string input)
    {
        if (RangeSpec.OnlyOf(Lines("Range", input)) is { } only)
        {
            Must.Be(RangeSpec.OnlyOf(Lines("Range", only.ToString())), only, "read back");
            Must.Hold(only.Contains(only) && only.InBlocks(1 << 20).Contains(only), "does not contain itself");
        }

        var request = new RequestHead("GET", "http://x/", Lines("Range", input));
        var kind = 0;
        foreach (var length in new[] { 0, 1, 10, long.MaxValue }) kind = HashCode.Combine(kind, Within(Ranges.Evaluate(request, new ResponseHead(200, FieldLines.Empty), length), length));
        return kind;
    }

    private static int Within(RangeOutcome outcome, long length)
    {
        IReadOnlyList<ByteRange> ranges = outcome switch
        {
            RangeOutcome.Single one => [new ByteRange(one.First, one.Last)],
            RangeOutcome.Multiple several => several.Ranges,
            _ => [],
        };
        foreach (var range in ranges) Must.Hold(range.First >= 0 && range.First <= range.Last && range.Last < length, $"{range} of {length}");
        return Kind(outcome.GetType(), ranges.Count);
    }

    private static int ContentRanges(string input)
    {
        if (!ContentRange.TryParse(input, out var range, out var length)) return Kind(false);
        Must.Hold(range.First >= 0 && range.First <= range.Last && (length is null || range.Last < length), $"{range} of {length}");
        if (length is { } known) Must.Hold(ContentRange.TryParse(ContentRange.Of(range.First, range.Last, known), out var again, out var its) && again == range && its == known, "read back");
        return Kind(true, length is null);
    }

    private static int Vias(string input)
    {
        var lines = Lines("Via", input);
        Must.Hold(Via.ContainsPseudonym(Via.Append(lines, "1.1", "granary"), "granary"), "we do not find ourselves behind that");
        return Kind(Via.ContainsPseudonym(lines, "granary"), Via.ContainsPseudonym(lines, "a"));
    }

    private static int Ages(string input)
    {
        var read = DeltaSeconds.TryParse(input, out var span);
        if (read) IsTime(span);
        Must.Hold(!read || input.All(char.IsAsciiDigit), "not all digits");
        var request = new RequestHead("TRACE", "http://x/", Lines("Max-Forwards", input));
        var left = MaxForwards.Decremented(request).Fields.First("Max-Forwards");
        Must.Hold(!read || MaxForwards.IsSpent(request) || long.Parse(left!, CultureInfo.InvariantCulture) is >= 0 and < 999_999_999, "Max-Forwards does not go down");
        return Kind(read, span.TotalSeconds > 1000);
    }

    internal static void IsTime(TimeSpan? time) => Must.Hold(time is null || (time >= TimeSpan.Zero && time <= DeltaSeconds.Max), $"{time} is no lifetime");
}
