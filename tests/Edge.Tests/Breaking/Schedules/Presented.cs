namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>One random request.</summary>
internal sealed record Presented(string Method, string Path, string Language, string? User, string? Directive, (int From, int To)? Range, string? KnownTag)
{
    private static readonly string?[] Directives = [null, null, null, null, null, "no-cache", "max-age=0", "max-stale=20", "no-store", "only-if-cached"];

    public bool NoCache => Directive == "no-cache";

    public bool MaxAgeZero => Directive == "max-age=0";

    public int MaxStale => Directive == "max-stale=20" ? 20 : 0;

    public bool OnlyIfCached => Directive == "only-if-cached";

    public string[] Fields =>
    [
        $"Accept-Language: {Language}",
        .. User is null ? (string[])[] : [$"Authorization: {User}"],
        .. Directive is null ? (string[])[] : [$"Cache-Control: {Directive}"],
        .. Range is { } range ? [$"Range: bytes={range.From}-{range.To}"] : (string[])[],
        .. KnownTag is null ? (string[])[] : [$"If-None-Match: \"old\", {KnownTag}"],
    ];

    public static Presented Random(Random random, string path, Func<string?> knownTag)
    {
        var from = random.Next(200);
        return new Presented(
            random.Next(8) == 0 ? "HEAD" : "GET",
            path,
            random.Next(2) == 0 ? "de" : "fr",
            random.Next(6) == 0 ? $"user{random.Next(2)}" : null,
            Directives[random.Next(Directives.Length)],
            random.Next(8) == 0 ? (from, from + random.Next(300)) : null,
            random.Next(5) == 0 ? knownTag() : null);
    }
}
