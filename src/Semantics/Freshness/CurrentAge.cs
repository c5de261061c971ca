using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Freshness;

/// <summary>RFC 9111 §4.2.3. The initial age plus the time resident in the cache, by a monotonic clock, is the current age.</summary>
public static class CurrentAge
{
    /// <summary>corrected_initial_age: never negative, at most a few times 2^31 seconds.</summary>
    public static TimeSpan Initial(ResponseHead response, DateTimeOffset requestTime, DateTimeOffset responseTime)
    {
        var apparentAge = responseTime - FreshnessLifetime.DateOf(response, responseTime);
        var responseDelay = DeltaSeconds.Clamp(responseTime - requestTime);
        var correctedAgeValue = AgeValue(response.Fields) + responseDelay;
        return apparentAge > correctedAgeValue ? DeltaSeconds.Clamp(apparentAge) : correctedAgeValue;
    }

    // §5.1: of a list the first member counts, and if that is not delta-seconds the field is ignored.
    private static TimeSpan AgeValue(FieldLines fields)
    {
        foreach (var member in new ListMembers(fields, FieldNames.Age))
            return DeltaSeconds.TryParse(member, out var age) ? age : TimeSpan.Zero;
        return TimeSpan.Zero;
    }
}
