using System.Collections.Concurrent;
using System.Globalization;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>What was known when a client asked.</summary>
/// <param name="Floor">The version that the last invalidation answered by then had brought: nothing older may come any more (P2).</param>
internal readonly record struct Asked(long Moment, DateTimeOffset Time, int Floor);

/// <summary>Says what is wrong with an answer, or nothing.</summary>
internal sealed class Checker
{
    private readonly ConcurrentDictionary<string, string> _personal = new();

    public string? WhatIsWrong(Got got, Presented presented, Asked asked, SelfDescribingOrigin origin, Trouble[] troubles)
    {
        if (got.Status is 503) return troubles.Contains(Trouble.ServerError) ? null : "503 without a reason";
        if (got.Status is 502) return troubles.Any(t => t is Trouble.Closed or Trouble.Cut) ? null : "502 without a reason";
        if (got.Status is 504) return presented.OnlyIfCached ? null : "504 without a reason";
        if (got.Status is 416) return presented.Range is null ? "416 without a range" : null;
        if (got.Status is not (200 or 206 or 304)) return $"status {got.Status}";
        if (got.Field("X-Id") is not { } id) return "no X-Id";
        var parts = id.Split('.');
        var version = origin.Versions[int.Parse(parts[0], CultureInfo.InvariantCulture)];
        return WrongContent(got, presented, SelfDescribingOrigin.Content(id, version.Size), id, troubles.Contains(Trouble.Cut))
            ?? (version.Number < asked.Floor ? $"version {version.Number} after {asked.Floor} was acknowledged" : null)
            ?? (parts[1] != "-" && parts[1] != presented.Language ? $"variant {parts[1]} for {presented.Language}" : null)
            ?? (parts[2] != "-" && parts[2] != presented.User ? $"what {parts[2]} got, for {presented.User ?? "nobody"}" : null)
            ?? Twice("X-Serial", got) ?? Twice("Set-Cookie", got)
            ?? TooOld(id, version.Policy, presented, asked, origin, troubles);
    }

    private static string? WrongContent(Got got, Presented presented, string whole, string id, bool mayBeCut)
    {
        if (got.Status == 304) return presented.KnownTag == $"\"{id}\"" && got.Content.Length == 0 ? null : "304 for a tag that the client does not have";
        if (presented.Method == "HEAD") return got.Content.Length == 0 ? null : "content for HEAD";
        if (got.Status == 200) return got.Content == whole ? null : $"content is not that of {id}: {got.Content.Length} of {whole.Length} bytes";
        if (presented.Range is not { } range) return "206 without a range";
        var to = Math.Min(range.To, whole.Length - 1);
        var announced = $"bytes {range.From}-{to}/";
        var fits = got.Field("Content-Range") == announced + whole.Length || (mayBeCut && got.Field("Content-Range") == announced + (whole.Length + 1));
        if (!fits) return $"Content-Range: {got.Field("Content-Range")}";
        return got.Content == whole[range.From..(to + 1)] ? null : "another range";
    }

    private string? Twice(string name, Got got) =>
        got.Field(name) is { } value && !_personal.TryAdd($"{name}: {value}", got.CacheStatus) ? $"{name}: {value} for two ({_personal[$"{name}: {value}"]})" : null;

    private static string? TooOld(string id, Policy policy, Presented presented, Asked asked, SelfDescribingOrigin origin, Trouble[] troubles)
    {
        foreach (var given in origin.GivenAs(id))
        {
            if (given.Moment > asked.Moment) return null;
            if (troubles.Any(trouble => policy.Allows((asked.Time - given.Time).TotalSeconds, presented, trouble))) return null;
        }

        return $"too old under '{policy.CacheControl}'";
    }
}
