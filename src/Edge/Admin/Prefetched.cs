namespace Granary.Edge.Admin;

/// <summary>How the prefetch of one URL ended.</summary>
/// <param name="Outcome">One of <c>stored</c>, <c>not-storable</c>, <c>failed</c>.</param>
/// <param name="Status">Of the answer that a client would have had.</param>
/// <param name="Reason">The detail of its Cache-Status, or <c>hit</c> where it was fresh already; null where there is none.</param>
internal sealed record Prefetched(string Url, string Outcome, int Status, string? Reason)
{
    public const string Stored = "stored", NotStorable = "not-storable", Failed = "failed";

    private const string Detail = "; detail=";

    /// <summary>Read from what a client would have been told (RFC 9211): our member of Cache-Status is the last one. What has no Via never came from an origin.</summary>
    /// <param name="isCut">The content ended early.</param>
    public static Prefetched Of(string url, HttpResponse response, bool isCut)
    {
        var (status, line) = (response.StatusCode, response.Headers["Cache-Status"] is [.., { } last] ? last : "");
        if (isCut) return new(url, Failed, status, "content-cut");
        if (Has(line, "; hit")) return new(url, Stored, status, "hit");
        if (Has(line, "; stored") || (Has(line, "; collapsed") && Has(line, "; ttl="))) return new(url, Stored, status, null);
        return new(url, response.Headers.Via.Count > 0 ? NotStorable : Failed, status, DetailOf(line));
    }

    private static bool Has(string line, string parameter) => line.Contains(parameter, StringComparison.Ordinal);

    private static string? DetailOf(string line) =>
        line.IndexOf(Detail, StringComparison.Ordinal) is >= 0 and var at ? line[(at + Detail.Length)..].Trim('"') : null;
}
