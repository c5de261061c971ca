using System.Globalization;
using System.Text;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>What can be asked for: a number, where it is, and how its origin gives it.</summary>
/// <param name="Lines">Of content; so each version has its own length, see <see cref="LinesOf"/>.</param>
internal sealed record Resource(int Number, string Host, string Directory, string Tag, int Lines, bool Varies, TimeSpan SlowHead, TimeSpan SlowBody)
{
    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"{Directory}r{Number}");

    public string Url => $"http://{Host}{Path}";

    public string Prefix => $"http://{Host}{Directory}";

    /// <summary>The line that head and content say: which resource, which version, which variant.</summary>
    public string LineOf(long version, string language) => string.Create(CultureInfo.InvariantCulture, $"{Number:D4} {version:D10} {(Varies ? language : "--")}");

    public int LinesOf(long version) => Lines + (int)(version % 7);
}

/// <summary>
/// Resources on several hosts, in several directories and with tags, most of them small, some large, some negotiated, some slow; and the origin that answers with the version
/// that a history has of them when the request comes. An unsafe request makes a newer one.
/// </summary>
internal sealed class Site
{
    public const string Line = "X-Line";

    public const int Hosts = 4, Directories = 5, Tags = 12;

    public static readonly string[] Languages = ["en", "de"];

    private readonly History _history;

    private Site(History history, Resource[] resources) => (_history, Resources) = (history, resources);

    public Resource[] Resources { get; }

    /// <param name="root">Where it begins: a path without a final slash.</param>
    public static Site On(Origin origin, History history, string root, int resources)
    {
        var site = new Site(history, [.. Enumerable.Range(0, resources).Select(number => Describe(root, number))]);
        foreach (var resource in site.Resources) origin.Acts(resource.Path, side => site.Answers(resource, side));
        return site;
    }

    public Resource[] InHost(Resource one) => [.. Resources.Where(other => other.Host == one.Host)];

    public Resource[] InDirectory(Resource one) => [.. Resources.Where(other => other.Prefix == one.Prefix)];

    public Resource[] WithTag(Resource one) => [.. Resources.Where(other => other.Tag == one.Tag)];

    private static Resource Describe(string root, int number) => new(
        number,
        string.Create(CultureInfo.InvariantCulture, $"h{number % Hosts}.history.example"),
        string.Create(CultureInfo.InvariantCulture, $"{root}/d{number / Hosts % Directories}/"),
        string.Create(CultureInfo.InvariantCulture, $"tag-{number % Tags}"),
        (number % 20) switch { 7 => 6_000, 13 => 1_200, _ => 20 }, // > 64 KiB; some 24 KiB
        Varies: number % 10 == 3,
        SlowHead: number % 15 == 4 ? TimeSpan.FromMilliseconds(40) : TimeSpan.Zero,
        SlowBody: number % 15 is 7 or 9 ? TimeSpan.FromMilliseconds(40) : TimeSpan.Zero);

    private async Task Answers(Resource resource, OriginSide side)
    {
        if (side.Request.Method == "POST")
        {
            await side.Answers(204, [$"{Line}: {resource.LineOf(_history.Changes(resource.Number), "--")}"]);
            return;
        }

        var version = _history.VersionOf(resource.Number); // what comes later than the request is not seen, however long the answer takes
        var language = side.Request.Fields.First("Accept-Language") ?? Languages[0];
        var line = resource.LineOf(version, language);
        if (resource.SlowHead > TimeSpan.Zero) await Wait.For(resource.SlowHead);
        List<string> fields = [$"{Line}: {line}", "Cache-Control: max-age=3600", $"ETag: \"{line}\"", $"Surrogate-Key: {resource.Tag}"];
        if (resource.Varies) fields.AddRange(["Vary: Accept-Language", $"Content-Language: {language}"]);
        if (side.Request.Fields.Combined("If-None-Match")?.Contains($"\"{line}\"", StringComparison.Ordinal) == true) await side.Answers(304, fields);
        else await Gives(resource, side, fields, new StringBuilder().Insert(0, line + "\n", resource.LinesOf(version)).ToString());
    }

    private static async Task Gives(Resource resource, OriginSide side, List<string> fields, string content)
    {
        if (resource.SlowBody == TimeSpan.Zero)
        {
            await side.Answers(200, fields, content);
            return;
        }

        fields.Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}"));
        await side.Answers(200, fields, content[..(content.Length / 2)]);
        await Wait.For(resource.SlowBody);
        await side.Sends(content[(content.Length / 2)..]);
    }
}
