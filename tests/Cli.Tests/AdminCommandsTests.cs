using System.Text;
using System.Text.Json;
using Granary.Language;

namespace Granary.Cli.Tests;

/// <summary>Against a real admin port; each test has paths of its own.</summary>
public sealed class AdminCommandsTests(Scene scene) : IClassFixture<Scene>
{
    [Fact]
    public async Task Status_says_that_all_is_well_and_which_silos_there_are()
    {
        var run = await scene.Runs("status");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("edge and silo", run.Out, StringComparison.Ordinal);
        Assert.Contains("active", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("All is well.\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_of_the_admin_port_has_JSON_that_programs_can_read()
    {
        scene.Origin.Answers("/json", 200, ["Cache-Control: max-age=60"], "hello");
        string[][] all =
        [
            ["status"], ["top"], ["prefetch", scene.Url("/json")], ["explain", scene.Url("/json")], ["purge", "url", scene.Url("/json")], ["purge", "tag", "nobody"], ["policy", "show"],
            ["policy", "test", "http://www.example.com/"],
        ];
        foreach (var args in all)
        {
            var run = await scene.Runs([.. args, "--json"]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Equal(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(run.Out).ValueKind);
        }
    }

    [Fact]
    public async Task A_purge_by_URL_says_how_many_responses_are_gone()
    {
        scene.Origin.Answers("/a", 200, ["Cache-Control: max-age=60"], "a");
        using var client = scene.Process.Client();
        await client.Asks("/a").Gets(200, "a", Outcome.Stored);

        var run = await scene.Runs("purge", "url", scene.Url("/a"), scene.Url("/unknown"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("Purged: 1 stored response, holds everywhere after", run.Out, StringComparison.Ordinal);
        await client.Asks("/a").Gets(200, "a", Outcome.Stored);
    }

    [Fact]
    public async Task A_soft_purge_by_tag_makes_stale()
    {
        scene.Origin.Answers("/soft", 200, ["Cache-Control: max-age=60", "Surrogate-Key: softly", "ETag: \"1\""], "a");
        using var client = scene.Process.Client();
        await client.Asks("/soft").Gets(200, "a", Outcome.Stored);

        Assert.Equal(0, (await scene.Runs("purge", "tag", "softly", "--soft")).Code);
        var explained = await scene.Runs("explain", scene.Url("/soft"));

        Assert.Equal(0, explained.Code);
        Assert.Contains("purged", explained.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("host")]
    public async Task A_purge_of_many_takes_what_the_scope_names(string scope)
    {
        scene.Origin.Answers($"/{scope}/1", 200, ["Cache-Control: max-age=60"], "a");
        using var client = scene.Process.Client();
        await client.Asks($"/{scope}/1").Gets(200, "a", Outcome.Stored);

        var run = await scene.Runs("purge", scope, scope is "host" ? scene.Process.Url.Host : scene.Url($"/{scope}/"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        await client.Asks($"/{scope}/1").Gets(200, "a", Outcome.Stored);
    }

    [Fact]
    public async Task URLs_may_come_from_standard_input_with_empty_lines_and_comments()
    {
        var run = await scene.Runs(["purge", "url", "-"], $"# list\n\n {scene.Url("/x")} \r\n{scene.Url("/y")}\n");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(2, (await scene.Runs(["purge", "url", "-"], "\n# nothing\n")).Code);
    }

    [Fact]
    public async Task Everything_is_purged_only_by_who_is_sure()
    {
        var nobodyThere = await scene.Runs("purge", "all");
        Assert.Equal(2, nobodyThere.Code);
        Assert.Contains("--yes", nobodyThere.Error, StringComparison.Ordinal);

        static Terminal Live(Terminal terminal) => terminal with { IsInLive = true, IsErrorLive = true };
        Assert.Equal(2, (await scene.Runs(["purge", "all"], "no\n", Live)).Code);
        Assert.Equal(2, (await scene.Runs(["purge", "all"], "", Live)).Code);
        Assert.Equal(0, (await scene.Runs(["purge", "all"], "y\n", Live)).Code);
        Assert.Equal(0, (await scene.Runs("purge", "all", "--yes")).Code);
    }

    [Fact]
    public async Task What_is_no_URL_is_a_mistake_with_what_to_write_instead()
    {
        foreach (var args in new string[][] { ["purge", "url", "nonsense"], ["explain", "nonsense"], ["prefetch", "nonsense"] })
        {
            var run = await scene.Runs(args);
            Assert.Equal(2, run.Code);
            Assert.Contains("absolute http or https URL", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_an_unknown_URL_explain_ends_with_1()
    {
        var run = await scene.Runs("explain", scene.Url("/nobody-asked"));
        Assert.Equal(1, run.Code);
        Assert.Contains("Nothing is stored", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefetch_takes_a_list_and_a_sitemap_tells_what_was_not_stored_and_fills_the_cache()
    {
        using var folder = new Folder();
        scene.Origin.Answers("/fill/1", 200, ["Cache-Control: max-age=60"], "one");
        scene.Origin.Answers("/fill/2", 200, ["Cache-Control: max-age=60"], "two");
        scene.Origin.Answers("/fill/never", 200, ["Cache-Control: no-store"], "three");
        var list = folder.Holds("urls.txt", $"# warm\n{scene.Url("/fill/1")}\n");
        var sitemap = folder.Holds("sitemap.xml", $"<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{scene.Url("/fill/2")}</loc></url><url><loc> {scene.Url("/fill/never")} </loc></url></urlset>");

        var run = await scene.Runs(["prefetch", "--list", list, "--sitemap", sitemap, "--batch", "2"], "", static terminal => terminal with { IsErrorLive = true });

        Assert.Equal(0, run.Code);
        Assert.EndsWith("2 stored, 1 not storable, 0 failed.\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("not-storable 200", run.Out, StringComparison.Ordinal);
        Assert.Contains("] 3/3", run.Error, StringComparison.Ordinal); // the bar
        using var client = scene.Process.Client();
        await client.Asks("/fill/2").Gets(200, "two", Outcome.Hit);
    }

    [Fact]
    public async Task A_prefetch_that_failed_ends_with_1_and_one_of_nothing_with_2()
    {
        scene.Origin.Acts("/broken", static async side =>
        {
            await side.Sends("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1000000\r\n\r\nbeginning");
            side.Closes();
        });
        var failed = await scene.Runs("prefetch", scene.Url("/broken"));
        Assert.Equal(1, failed.Code);
        Assert.DoesNotContain("\e", failed.Error, StringComparison.Ordinal); // nobody looks: no bar
        Assert.Equal(2, (await scene.Runs("prefetch")).Code);
        Assert.Equal(2, (await scene.Runs("prefetch", "--list", "/no/such/file")).Code);
    }

    [Fact]
    public async Task Top_shows_outcomes_and_the_hottest_URLs_once_in_a_pipe()
    {
        scene.Origin.Answers("/hot", 200, ["Cache-Control: max-age=60"], "hello");
        await scene.Runs("top", "--once"); // from now on somebody looks
        using var client = scene.Process.Client();
        await client.Asks("/hot").Gets(200, "hello", Outcome.Stored);
        for (var i = 0; i < 5; i++) await client.Asks("/hot").Gets(200, "hello", Outcome.Hit);

        var run = await scene.Runs("top");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("OUTCOME", run.Out, StringComparison.Ordinal);
        Assert.Matches("(?m)^hit +[0-9]", run.Out);
        Assert.Contains(scene.Url("/hot"), run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_terminal_top_goes_on_until_it_is_left_and_gives_the_screen_back()
    {
        using var left = new CancellationTokenSource();
        var screen = new Screen(left);
        var run = scene.Runs(["top"], "", terminal => terminal with { Out = screen, IsOutLive = true, Clock = scene.Process.Clock.Time }, left.Token);
        await screen.HasShown.Within();
        await left.CancelAsync();

        Assert.Equal(0, (await run).Code);
        Assert.StartsWith("\e[?1049h", screen.Text, StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h\e[?1049l", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_that_steer_terminals_are_not_written()
    {
        var hostile = scene.Url("/") + Uri.EscapeDataString("\e[2J") + "\u202e";
        var run = await scene.Runs("explain", hostile);
        Assert.DoesNotContain('\e', run.Out + run.Error);
        Assert.DoesNotContain('\u202e', run.Out + run.Error);
    }

    [Theory]
    [InlineData(0, "http://www.example.com/")]
    [InlineData(0, "www.example.com:443", "--way", "connect", "--user", "anna", "--group", "staff", "--from", "10.0.0.1", "--at", "2026-01-05T12:00:00Z")]
    [InlineData(2, "http://www.example.com/", "--way", "by-mail")]
    public async Task A_policy_is_tried_with_whatever_it_may_decide_by(int code, params string[] args)
    {
        var run = await scene.Runs(["policy", "test", .. args]);
        Assert.Equal(code, run.Code);
        if (code == 0) Assert.StartsWith("allow, by ", run.Out, StringComparison.Ordinal);
    }

    [Fact, Trait("Promise", "P8")]
    public async Task Without_the_token_it_ends_with_4_and_says_where_it_is_taken_from()
    {
        var environment = new Dictionary<string, string?> { ["GRANARY_ADMIN"] = scene.Process.Admin.AbsoluteUri };
        var none = await Run.Of(["status"], environment: environment).Within();
        Assert.Equal(4, none.Code);
        Assert.Contains("GRANARY_TOKEN", none.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await Run.Of(["purge", "url", "http://host/", "--token", "wrong"], environment: environment).Within()).Code);
        Assert.Equal(0, (await Run.Of(["status", "--token", Scene.Token], environment: environment).Within()).Code);

        using var folder = new Folder();
        Assert.Equal(0, (await Run.Of(["status", "--token-file", folder.Holds("token", Scene.Token + "\n")], environment: environment).Within()).Code);
        Assert.Equal(2, (await Run.Of(["status", "--token-file", "/no/such/file"], environment: environment).Within()).Code);
        Assert.Equal(2, (await Run.Of(["status", "--token", "not a token"], environment: environment).Within()).Code);
    }

    /// <summary>A terminal's output, which knows when the first frame is whole.</summary>
    private sealed class Screen(CancellationTokenSource left) : StringWriter
    {
        private readonly TaskCompletionSource _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HasShown => _shown.Task;

        public string Text { get; private set; } = "";

        public override Encoding Encoding => Encoding.UTF8;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            if (!left.IsCancellationRequested) _shown.TrySetResult();
            Text = ToString();
            return Task.CompletedTask;
        }
    }
}
