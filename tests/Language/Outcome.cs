namespace Granary.Language;

/// <summary>What Cache-Status says of an answer, in the words of RFC 9211.</summary>
public sealed record Outcome(string Name, Func<IReadOnlyList<string>, bool> Test)
{
    public static readonly Outcome Hit = new("a hit", p => p.Contains("hit"));
    public static readonly Outcome StaleHit = new("a stale hit", p => p.Contains("hit") && p.Any(x => x.StartsWith("ttl=-", StringComparison.Ordinal)));
    public static readonly Outcome UriMiss = new("fwd=uri-miss", p => p.Contains("fwd=uri-miss") && !p.Contains("collapsed"));
    public static readonly Outcome Stored = new("fwd=uri-miss; stored", p => p.Contains("fwd=uri-miss") && p.Contains("stored"));
    public static readonly Outcome VaryMiss = new("fwd=vary-miss", p => p.Contains("fwd=vary-miss"));
    public static readonly Outcome Collapsed = new("collapsed", p => p.Contains("collapsed"));
    public static readonly Outcome Validated = new("fwd=stale; fwd-status=304", p => p.Contains("fwd=stale") && p.Contains("fwd-status=304"));
    public static readonly Outcome Stale = new("fwd=stale", p => p.Contains("fwd=stale"));
    public static readonly Outcome Request = new("fwd=request", p => p.Contains("fwd=request"));
    public static readonly Outcome Method = new("fwd=method", p => p.Contains("fwd=method"));
    public static readonly Outcome NotStored = new("forwarded and not stored", p => p.Any(x => x.StartsWith("fwd=", StringComparison.Ordinal)) && !p.Contains("stored"));

    public bool IsSaidBy(string cacheStatus)
    {
        var parameters = cacheStatus.Split(", ")[^1].Split("; ");
        return parameters[0] == "granary" && Test(parameters);
    }

    public override string ToString() => Name;
}
