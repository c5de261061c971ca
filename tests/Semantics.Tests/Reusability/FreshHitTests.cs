using System.Collections.Immutable;
using Granary.Semantics;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;

namespace Granary.Tests;

/// <summary>What runs for each request that is answered from the cache.</summary>
public sealed class FreshHitTests
{
    private static readonly RequestHead Browser = Given.Get(
        "Host: example.org", "User-Agent: a browser", "Accept: text/html, */*;q=0.8", "Accept-Language: de-DE, de;q=0.8, en;q=0.5", "Accept-Encoding: gzip, deflate, br, zstd", "Cookie: a=b", "Via: 1.1 other");

    public static TheoryData<string> Stored => new(
        "Cache-Control: max-age=60|ETag: \"a\"",
        "Cache-Control: public, max-age=60, stale-while-revalidate=5|Vary: Accept-Encoding|Content-Encoding: br",
        "Expires: Fri, 31 Dec 9999 23:59:59 GMT|Vary: Accept-Encoding, Accept-Language, Cookie|Content-Language: de");

    [Theory, MemberData(nameof(Stored))]
    public void The_decision_for_a_fresh_hit_allocates_nothing(string response)
    {
        ImmutableArray<StoredResponse> stored = [Of(Browser, response), Of(Given.Get("Accept-Encoding: gzip"), response), Of(Given.Get("Accept-Language: fr"), response)];
        for (var i = 0; i < 1000; i++) Decide(stored); // what is compiled again on the way may allocate
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Decide(stored);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // As it is stored.
    private static StoredResponse Of(RequestHead request, string response)
    {
        var stored = Given.Stored(request, new ResponseHead(200, Given.Lines(response)));
        stored.Condense();
        return stored;
    }

    private static void Decide(ImmutableArray<StoredResponse> stored)
    {
        var selected = Selection.Select(Browser, stored);
        if (selected != 0 || Reusability.Decide(Browser, stored[selected], true, Given.Seconds(5), ReuseOptions.Default).Kind != VerdictKind.Reuse) throw new InvalidOperationException("no fresh hit");
    }
}
