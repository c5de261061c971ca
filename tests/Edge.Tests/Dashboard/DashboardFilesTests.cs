using System.Text.RegularExpressions;
using Granary.Language;

namespace Granary.Edge.Tests.Dashboard;

/// <summary>One process with a token for what is only read.</summary>
public sealed partial class DashboardFilesTests(DashboardFilesTests.Scene scene) : IClassFixture<DashboardFilesTests.Scene>
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/dashboard.css", "text/css")]
    [InlineData("/dashboard.js", "text/javascript")]
    [InlineData("/dashboard.svg", "image/svg+xml")]
    public async Task The_page_needs_no_token_and_lets_nothing_else_run_in_it_or_around_it(string path, string type)
    {
        using var answer = await scene.Asks(HttpMethod.Get, path);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var rule in new[] { "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'" }) Assert.Contains(rule, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        using var head = await scene.Asks(HttpMethod.Head, path);
        Assert.Equal(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Theory, Trait("Promise", "P8")]
    [InlineData("GET", "/status")]
    [InlineData("GET", "/metrics")]
    [InlineData("POST", "/purge")]
    [InlineData("GET", "/explain?url=http%3A%2F%2Fwww.example.com%2F")]
    [InlineData("GET", "/dashboard.js.map")]
    public async Task What_the_page_shows_and_does_needs_the_token(string method, string path)
    {
        using var without = await scene.Asks(new HttpMethod(method), path);
        Assert.Equal(401, (int)without.StatusCode);
        using var wrong = await scene.Asks(new HttpMethod(method), path, "Authorization: Bearer wrong");
        Assert.Equal(401, (int)wrong.StatusCode);
        Assert.Contains("invalid_token", wrong.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory, Trait("Promise", "P8")]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    public async Task Pages_from_elsewhere_may_not_purge_even_with_the_token(string field)
    {
        using var answer = await scene.Asks(HttpMethod.Post, "/purge", "Authorization: Bearer s3cret", field);
        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_files_name_nothing_that_is_elsewhere_and_have_no_script_or_style_within_the_page()
    {
        var page = await scene.Reads("/");
        foreach (var file in new[] { page, await scene.Reads("/dashboard.css"), await scene.Reads("/dashboard.js"), await scene.Reads("/dashboard.svg") })
            Assert.Empty(Elsewhere().Matches(file).Select(static match => match.Value));
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("\\son[a-z]+=", page);
        Assert.DoesNotMatch("<script(?![^>]*src=\"dashboard.js\")", page);
    }

    [Fact]
    public async Task What_clients_sent_is_put_into_the_page_as_text_only()
    {
        var script = await scene.Reads("/dashboard.js");
        foreach (var way in new[] { "innerHTML", "outerHTML =", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage", "sessionStorage", "document.cookie" })
            Assert.DoesNotContain(way, script, StringComparison.Ordinal);
    }

    [GeneratedRegex("""(?<=(?:src|href|from|import|url|fetch)\s*[=(]?\s*["'(])(?:https?:)?//[^"')]+""")]
    private static partial Regex Elsewhere();

    public sealed class Scene : IAsyncLifetime, IDisposable
    {
        private readonly HttpClient _admin = new();
        private OneProcess _process = null!;

        public async Task InitializeAsync() => _process = await OneProcess.Starts(null, ["--Granary:Admin:Token", "s3cret"]);

        public async Task<HttpResponseMessage> Asks(HttpMethod method, string path, params string[] fields)
        {
            using var request = new HttpRequestMessage(method, new Uri(_process.Admin, path));
            foreach (var field in fields) request.Headers.TryAddWithoutValidation(field.Split(": ")[0], field.Split(": ")[1]);
            return await _admin.SendAsync(request).Within();
        }

        public async Task<string> Reads(string path)
        {
            using var answer = await Asks(HttpMethod.Get, path);
            return await answer.Content.ReadAsStringAsync().Within();
        }

        public void Dispose() => _admin.Dispose();

        public async Task DisposeAsync()
        {
            await _process.DisposeAsync();
        }
    }
}
