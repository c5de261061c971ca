using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Preconditions;
using Granary.Semantics.Ranges;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;
using Granary.Semantics.Storability;
using Granary.Semantics.Validation;
using static Granary.Fuzz.Surfaces;

namespace Granary.Fuzz;

/// <summary>Whole exchanges: what a cache makes of a request and the response to it.</summary>
internal static class CachingSurfaces
{
    private const string Fresh = "GET 200 0\nAccept-Encoding: gzip, br;q=0.5\nAccept-Language: de, en;q=0.1\nX: 1";

    public static readonly IReadOnlyList<Surface> All =
    [
        new("freshness", [
            Fresh + "\n\nCache-Control: max-age=60\nAge: 10\nDate: Mon, 05 Jan 2026 11:59:00 GMT",
            "GET 404 -9223372036854775808\n\nExpires: Fri, 31 Dec 9999 23:59:59 GMT\nDate: Mon, 01 Jan 0001 00:00:00 GMT",
            "GET 200 9223372036854775807\n\nLast-Modified: Mon, 01 Jan 0001 00:00:00 GMT\nDate: Fri, 31 Dec 9999 23:59:59 GMT\nAge: 99999999999",
            "HEAD 301 600000000\nCache-Control: max-stale\n\nExpires: 0\nCDN-Cache-Control: max-age=5\nCache-Control: s-maxage=5, stale-while-revalidate=9"], Freshness),
        new("selection", [
            Fresh + "\n\nVary: Accept-Encoding, accept-language\nContent-Encoding: gzip\nCache-Control: max-age=60",
            Fresh + "\n\nVary: X, *", Fresh + "\n\nVary: X,\"y\"\nContent-Language: de", "GET 200 0\nCookie: a,b\nX:  a , b\nX: c\n\nVary: Cookie, X"], Selecting),
        new("freshening", [
            Fresh + "\n\nETag: \"1\"\nCache-Control: no-cache=\"A\", max-age=1\nVary: X\nA: b\nSet-Cookie: c=d", Fresh + "\n\nETag: W/\"1\"\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nConnection: ETag"], Freshening),
        new("conditions", [
            "GET 200 0\nIf-None-Match: W/\"1\", \"2\"\nRange: bytes=0-1,3-4\nIf-Range: \"1\"\n\nETag: \"1\"", "GET 206 0\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\nRange: bytes=-1\n\nContent-Range: bytes 9-9/10\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT"], Conditions),
    ];

    private static StoredResponse Stored(RequestHead request, ResponseHead response) =>
        StoredResponse.Of(request, response, Now - TimeSpan.FromSeconds(1), Now, FreshnessOptions.Default);

    private static int Freshness(string input)
    {
        var (request, response, time) = Exchange(input);
        var lifetime = FreshnessLifetime.Of(response, Now, FreshnessOptions.Default);
        FieldSurfaces.IsTime(lifetime.Value);
        foreach (var received in new[] { Now, DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
            Must.Hold(CurrentAge.Initial(response, received, Now) >= TimeSpan.Zero && FreshnessLifetime.Of(response, received, FreshnessOptions.Default).Value >= TimeSpan.Zero, "a negative time");
        var stored = Stored(request, response);
        Must.Hold(stored.AgeAfter(time) >= stored.InitialAge && stored.InitialAge >= TimeSpan.Zero, "it gets younger");
        var verdict = Reusability.Decide(request, stored, true, time, ReuseOptions.Default);
        var why = Storability.WhyNot(request, response, new StorabilityOptions());
        var stale = StaleOnError.Allows(request, stored, time, OriginTrouble.Disconnected, ReuseOptions.Default);
        Must.Hold(!stale || !stored.CacheControl.NoCache, "stale in spite of no-cache");
        return Kind(lifetime.Source, verdict.Kind, why, stale);
    }

    private static int Selecting(string input)
    {
        var (request, response, _) = Exchange(input);
        var stored = Stored(request with { Method = "GET" }, response);
        var matches = Selection.Matches(request with { Method = "GET" }, stored);
        Must.Hold(matches != stored.Nominations.IsEverything, "a response does not answer the request it was the answer to");
        Must.Hold(Selection.SameVariant(stored, stored), "it is not its own variant");
        var other = Stored(new RequestHead("GET", request.TargetUri, FieldLines.Of("X: other")), response);
        Must.Be(Selection.SameVariant(stored, other), Selection.SameVariant(other, stored), "the same variant both ways");
        var could = Selection.CouldMatch(request, request, new[] { stored, other });
        return Kind(matches, stored.Nominations.Names.Length, could, Selection.Select(request, new[] { other, stored }), Selection.Matches(request, other));
    }

    private static int Freshening(string input)
    {
        var (request, response, _) = Exchange(input);
        var stored = Stored(request, response);
        var asked = ValidationRequest.Conditionalise(ValidationRequest.WithoutPreconditions(request.Fields), [stored]);
        var notModified = new ResponseHead(304, response.Fields);
        var selected = NotModified.Selected(notModified, [stored]);
        var freshened = stored.Freshened(notModified, Now, Now, FreshnessOptions.Default, request);
        Must.Be(freshened.EntityTag, stored.EntityTag, "its entity tag");
        Must.Hold(freshened.Nominations.IsEverything || request.Method is not "GET" || Selection.Matches(request, freshened), "what was validated for a request does not answer it");
        foreach (var name in stored.CacheControl.NoCacheFields.Concat(stored.CacheControl.PrivateFields)) Must.Hold(!stored.ReusableHead.Fields.Has(name), $"{name} is reused");
        foreach (var name in new[] { "Connection", "Transfer-Encoding", "Age" }) Must.Hold(!freshened.Head.Fields.Has(name), $"{name} is stored");
        Must.Hold(HttpDate.Of(freshened.Head.Fields, "Date", Now) is not null, "no Date");
        return Kind(selected, asked.Count, freshened.MayBeKept, HeadResponse.On(stored, notModified with { Status = 200 }), stored.HasValidator);
    }

    private static int Conditions(string input)
    {
        var (request, response, _) = Exchange(input);
        var preconditions = Preconditions.Evaluate(request, response, Now);
        var range = Ranges.Evaluate(request, response, 10);
        var no = PartialContent.WhyNot(response, null, RangeSpec.OnlyOf(request.Fields) ?? new RangeSpec(0, null), out var part);
        Must.Hold(no is not null || (part.Range.First >= 0 && part.Range.Last < part.CompleteLength), $"{part} is no part");
        if (no is null) Must.Be(part.AsComplete(response).Status, 200, "the whole of a part");
        Must.Hold(!Preconditions.NotModifiedFields(response.Fields).Has("Content-Length"), "304 with Content-Length");
        return Kind(preconditions, range.GetType(), no);
    }
}
