using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;

namespace Granary.Semantics;

/// <summary>Which fields a stored response gets and how a newer response updates them. RFC 9111 §3.1, §3.2.</summary>
internal static class Storing
{
    public static FieldLines Fields(ResponseHead response, DateTimeOffset responseTime, TargetList targets) =>
        WithDate(Storability.Storability.StorableFields(targets, response).Without(FieldNames.Age), responseTime);

    /// <summary>Each field of the newer response replaces all lines of its name; the order of the rest stays.</summary>
    public static FieldLines Updated(FieldLines stored, ResponseHead newer, DateTimeOffset responseTime, FreshnessOptions options)
    {
        var keepsTag = stored.Has(FieldNames.ETag);
        var keepsCookie = !IsMeantForAll(newer, responseTime, options);
        var update = Fields(newer, responseTime, options.Targets).Where(line => !DescribesStoredBytes(line)
            && !(keepsTag && line.Is(FieldNames.ETag)) && !(keepsCookie && line.Is(FieldNames.SetCookie)));
        var names = update.Select(line => line.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var kept = stored.Where(line => !names.Contains(line.Name));
        return new FieldLines(kept.Lines.AddRange(update.Lines));
    }

    // §3.2: not updated, because the stored content was framed and coded by them. Content-Type is updated, as the text asks. A stored
    // entity tag stays too: the selecting 304 had the same characters, and a weak tag must not become strong by a 304 that left out the W/.
    private static bool DescribesStoredBytes(FieldLine line) =>
        line.Is(FieldNames.ContentLength) || line.Is(FieldNames.ContentEncoding) || line.Is(FieldNames.ContentRange);

    // A 304 answers one client's request: the cookie it sets is that client's, unless the same would have been stored from a 200 (§7.3).
    private static bool IsMeantForAll(ResponseHead newer, DateTimeOffset responseTime, FreshnessOptions options)
    {
        var directives = CacheControl.OfResponse(newer.Fields, options.Targets);
        return Storability.Storability.IsMeantForAll(directives, FreshnessLifetime.Of(newer, directives, responseTime, options));
    }

    // RFC 9110 §6.6.1: a recipient with a clock records the time of receipt for a Date that is absent or not valid.
    private static FieldLines WithDate(FieldLines fields, DateTimeOffset responseTime) =>
        HttpDate.Of(fields, FieldNames.Date, responseTime) is null
            ? fields.With(FieldNames.Date, HttpDate.Format(responseTime))
            : fields;
}
