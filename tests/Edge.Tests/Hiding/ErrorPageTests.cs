using Granary.Language;

namespace Granary.Edge.Tests.Hiding;

public sealed class ErrorPageTests : IAsyncLifetime
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly Origin _origin = Origin.Starts();
    private readonly string _pages = Directory.CreateTempSubdirectory("granary-pages").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _origin.DisposeAsync();
        Directory.Delete(_pages, recursive: true);
    }

    private void Page(string name, string text) => File.WriteAllText(Path.Combine(_pages, name), text);

    [Fact]
    public async Task People_get_the_page_that_fits_best_and_programs_what_they_got_before()
    {
        Page("maintenance.html", "<p title=\"{{host}}\">{{status}} {{title}}: {{ detail }} {{stage}} {{error}} {{path}} {{unknown}} {{");
        Page("5xx.html", "five");
        await using var granary = await OneProcess.Starts(_origin, ["--Granary:Errors:Pages", _pages, "--Granary:Maintenance:On", "true"]);
        using var client = granary.Client();
        var got = await client.Asks("/%3Cscript%3E%22%7B%7Bhost%7D%7D", Browser).Gets(503);
        got.Has("Content-Type: text/html; charset=utf-8").Has("Retry-After: 120");
        got.HasContent($"<p title=\"{granary.Url.Authority}\">503 Service Unavailable: The site is under maintenance. route maintenance /&lt;script&gt;&quot;{{{{host}}}} {{{{unknown}}}} {{{{");
        (await client.Asks("/", "Accept: application/json").Gets(503)).Has("Content-Type: application/problem+json");
        (await client.Asks("/").Gets(503)).Has("Content-Type: text/plain; charset=utf-8");
        (await client.Sends("HEAD", "/", [Browser]).Gets(503, "")).Has("Content-Type: text/html; charset=utf-8");
        (await client.Asks("/", Browser, "Via: 1.1 granary").Gets(508)).HasContent("five");
    }

    [Fact]
    public async Task Pages_are_read_again_and_what_cannot_be_read_is_no_page()
    {
        Page("5xx.html", "one");
        await using var granary = await OneProcess.Starts(_origin, ["--Granary:Errors:Pages", _pages, "--Granary:Maintenance:On", "true"]);
        using var client = granary.Client();
        (await client.Asks("/", Browser).Gets(503)).HasContent("one");
        Page("503.html", "two");
        granary.Clock.Passes(3.Seconds());
        (await client.Asks("/", Browser).Gets(503)).HasContent("two");
        Page("503.html", new string('x', 1 << 19));
        File.Delete(Path.Combine(_pages, "5xx.html"));
        granary.Clock.Passes(3.Seconds());
        (await client.Asks("/", Browser).Gets(503)).Has("Content-Type: text/plain; charset=utf-8");
    }
}
