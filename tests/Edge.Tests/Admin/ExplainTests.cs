using System.Net.Http.Json;
using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Admin;

/// <summary>One process for what asks only; each test has paths of its own.</summary>
public sealed class ExplainTests : IClassFixture<ExplainTests.Scene>
{
    private readonly Scene _scene;

    public ExplainTests(Scene scene) => _scene = scene;

    [Fact]
    public async Task What_is_stored_is_told_with_its_age_freshness_size_validators_tags_and_what_selects_it()
    {
        _scene.Origin.Answers("/page", 200, ["Cache-Control: max-age=60", "ETag: \"one\"", "Vary: Accept-Language", "Surrogate-Key: news front", "Content-Type: text/plain"], "hello");
        await _scene.Client.Asks("/page", "Accept-Language: de").Gets(200, "hello", Outcome.Stored);
        _scene.Process.Clock.Passes(TimeSpan.FromSeconds(10));
        await _scene.Client.Asks("/page", "Accept-Language: de").Gets(200, "hello", Outcome.Hit);

        var told = await _scene.Explains("/page");
        Assert.True(told.GetProperty("known").GetBoolean());
        var stored = Assert.Single(told.GetProperty("stored").EnumerateArray());
        Assert.Equal("owner", stored.GetProperty("as").GetString());
        Assert.Equal(told.GetProperty("owner").GetString(), stored.GetProperty("at").GetString());
        Assert.True(stored.GetProperty("fresh").GetBoolean());
        Assert.Equal(10, stored.GetProperty("age").GetDouble(), 1.0);
        Assert.Equal(50, stored.GetProperty("ttl").GetDouble(), 1.0);
        Assert.Equal(5, stored.GetProperty("length").GetInt64());
        Assert.Equal(5, stored.GetProperty("here").GetInt64());
        Assert.Equal("\"one\"", stored.GetProperty("etag").GetString());
        Assert.Equal("MaxAge", stored.GetProperty("lifetimeBy").GetString());
        Assert.Equal(["accept-language: de"], stored.GetProperty("selectedBy").EnumerateArray().Select(static line => line.GetString()));
        Assert.Equal(["news", "front"], stored.GetProperty("tags").EnumerateArray().Select(static tag => tag.GetString()));
    }

    [Fact, Trait("Spec", "RFC 9211 §2")]
    public async Task The_last_decisions_are_told_newest_first_in_the_words_that_clients_were_told()
    {
        _scene.Origin.Answers("/words", 200, ["Cache-Control: max-age=60"], "one");
        var first = (await _scene.Client.Asks("/words").Gets(200, "one", Outcome.Stored)).CacheStatus;
        var second = (await _scene.Client.Asks("/words").Gets(200, "one", Outcome.Hit)).CacheStatus;
        Assert.Equal([second, first], Told(await _scene.Explains("/words")));
    }

    [Fact]
    public async Task Why_something_is_not_stored_is_told()
    {
        _scene.Origin.Answers("/not", 200, ["Cache-Control: no-store"], "one");
        var first = (await _scene.Client.Asks("/not").Gets(200, "one")).CacheStatus;
        var second = (await _scene.Client.Asks("/not").Gets(200, "one")).CacheStatus;
        var told = await _scene.Explains("/not");
        Assert.Equal([second, first], Told(told));
        Assert.Empty(told.GetProperty("stored").EnumerateArray());
        Assert.True(told.GetProperty("rememberedAsNotStorable").GetBoolean());
        Assert.True(told.GetProperty("known").GetBoolean());
    }

    [Fact]
    public async Task A_pass_by_rule_is_told_and_only_the_last_decisions_are_remembered()
    {
        _scene.Origin.Answers("/bounded", 200, ["Cache-Control: max-age=60"], "one");
        for (var i = 0; i < 20; i++) await _scene.Client.Asks("/bounded").Gets(200, "one");
        Assert.Equal(8, Told(await _scene.Explains("/bounded")).Count());
        Assert.All(Told(await _scene.Explains("/bounded")), static one => Assert.StartsWith("granary; hit", one));
    }

    [Fact]
    public async Task Of_an_unknown_URL_it_is_told_that_nothing_is_known()
    {
        var told = await _scene.Explains("/nobody-asked");
        Assert.False(told.GetProperty("known").GetBoolean());
        Assert.Contains("Nothing is stored", told.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.NotNull(told.GetProperty("owner").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?url=")]
    [InlineData("?url=/page")]
    [InlineData("?url=ftp://example.org/")]
    [InlineData("?url=http://user@example.org/")]
    [InlineData("?url=http://example.org/&x=1")]
    [InlineData("?url=http://example.org/&url=http://example.org/")]
    public async Task What_is_no_URL_is_refused_with_what_to_write_instead(string query)
    {
        using var admin = new HttpClient();
        using var answer = await admin.GetAsync(new Uri(_scene.Process.Admin, "/explain" + query)).Within();
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("/explain?url=", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact, Trait("Promise", "P5")]
    public async Task Of_credentials_by_which_a_response_is_selected_only_the_name_is_told()
    {
        _scene.Origin.Answers("/secret", 200, ["Cache-Control: max-age=60, public", "Vary: Cookie"], "one");
        await _scene.Client.Asks("/secret", "Cookie: session=12345").Gets(200, "one");
        var told = await _scene.Explains("/secret");
        Assert.DoesNotContain("12345", told.GetRawText(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Told(JsonElement told) => told.GetProperty("decisions").EnumerateArray().Select(static one => one.GetProperty("cacheStatus").GetString());

    public sealed class Scene : IAsyncLifetime
    {
        public Origin Origin { get; } = Origin.Starts();

        public OneProcess Process { get; private set; } = null!;

        public Client Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Process = await OneProcess.Starts(Origin, ["--Granary:Cache:PassSurrogateKeys=true"]);
            Client = Process.Client();
        }

        public async Task<JsonElement> Explains(string path)
        {
            using var admin = new HttpClient();
            return await admin.GetFromJsonAsync<JsonElement>(new Uri(Process.Admin, "/explain?url=" + Uri.EscapeDataString(new Uri(Process.Url, path).AbsoluteUri))).Within();
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Process.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
