using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;
using Granary.Semantics.Selection;

namespace Granary.Benchmarks;

/// <summary>The decision on a fresh hit: select among the variants, then decide about reuse. Below a microsecond, and nothing allocated.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private readonly RequestHead _presented = Request("gzip, deflate, br, zstd");
    private ImmutableArray<StoredResponse> _stored;

    [Params(1, 3)]
    public int Variants { get; set; }

    [GlobalSetup]
    public void Store() => _stored = [.. new[] { "gzip, deflate, br, zstd", "gzip", "identity" }.Take(Variants).Select(codings => StoredResponse.Of(
        Request(codings),
        new ResponseHead(200, FieldLines.Of("Cache-Control: max-age=60", "ETag: \"1\"", Variants > 1 ? "Vary: Accept-Encoding" : "X: y", "Content-Type: text/html")), Now, Now, FreshnessOptions.Default))];

    [Benchmark]
    public VerdictKind FreshHit()
    {
        var selected = Selection.Select(_presented, _stored);
        return Reusability.Decide(_presented, _stored[selected], true, TimeSpan.FromSeconds(5), ReuseOptions.Default).Kind;
    }

    private static RequestHead Request(string codings) => new("GET", "http://example.org/", FieldLines.Of(
        "Host: example.org", "User-Agent: a browser", "Accept: text/html, */*;q=0.8", "Accept-Language: de-DE, de;q=0.8", $"Accept-Encoding: {codings}", "Cookie: a=b", "Via: 1.1 other"));
}
