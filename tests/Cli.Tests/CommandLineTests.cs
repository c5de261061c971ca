using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml;
using Granary.Cli.Commands;
using Granary.Cli.Text;
using Granary.Language;

namespace Granary.Cli.Tests;

/// <summary>What needs no admin port.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("purge")]
    [InlineData("purge url")]
    [InlineData("no-such-command")]
    [InlineData("status --admin nonsense")]
    [InlineData("status --admin ftp://host/")]
    [InlineData("status --admin http://user@host/")]
    [InlineData("status --timeout 0")]
    [InlineData("top --every 0")]
    [InlineData("prefetch --batch 1001 http://host/")]
    [InlineData("config check x.json --role king")]
    [InlineData("completion tcsh")]
    public async Task A_mistaken_command_line_ends_with_2_and_says_where_help_is(string line)
    {
        var run = await Run.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Within();
        Assert.Equal(2, run.Code);
        Assert.Contains("See granary", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Where_nobody_answers_it_ends_with_3()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var run = await Run.Of(["status", "--admin", $"http://127.0.0.1:{port}"]).Within();
        Assert.Equal(3, run.Code);
        Assert.Contains("cannot be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_valid_file_config_check_says_so()
    {
        using var folder = new Folder();
        var run = await Run.Of(["config", "check", folder.Holds("good.json", """{ "Granary": { "Origin": "http://127.0.0.1:9", "Store": { "Memory": "64MiB" } } }""")]).Within();
        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task Of_a_mistaken_file_config_check_tells_all_mistakes_at_once_as_a_start_does()
    {
        using var folder = new Folder();
        var file = folder.Holds("bad.json", """
            { "Granary": { "Listen": "nonsense", "Storee": { "Memory": "1" } },
              "ReverseProxy": { "Routes": { "a": { "ClusterId": "nope", "Match": { "Path": "/x" } } } } }
            """);
        var run = await Run.Of(["config", "check", file]).Within();
        Assert.Equal(2, run.Code);
        foreach (var said in new[] { "3 mistakes", "Granary:Listen", "did you mean Granary:Store:Memory?", "ReverseProxy:Routes:a:ClusterId" }) Assert.Contains(said, run.Error, StringComparison.Ordinal);

        var json = JsonSerializer.Deserialize<JsonElement>((await Run.Of(["config", "check", file, "--json"]).Within()).Out);
        Assert.False(json.GetProperty("valid").GetBoolean());
        Assert.Equal(3, json.GetProperty("mistakes").GetArrayLength());
    }

    [Fact]
    public async Task What_a_silo_needs_beyond_an_edge_and_what_switches_add_is_checked_too()
    {
        using var folder = new Folder();
        var file = folder.Holds("empty.json", "{}");
        Assert.Equal(0, (await Run.Of(["config", "check", file]).Within()).Code);
        Assert.Equal(2, (await Run.Of(["config", "check", file, "--role", "silo"]).Within()).Code);
        Assert.Equal(0, (await Run.Of(["config", "check", file, "--role", "silo", "--", "--redis", "localhost:6379"]).Within()).Code);
        Assert.Equal(2, (await Run.Of(["config", "check", "/no/such/file.json"]).Within()).Code);
    }

    [Theory]
    [InlineData("granary pu", "purge")]
    [InlineData("granary purge --so", "--soft")]
    [InlineData("granary config che", "check")]
    [InlineData("granary completion z", "zsh")]
    public async Task Shells_are_told_what_completes_a_word(string line, string word)
    {
        var run = await Run.Of([$"[suggest:{line.Length}]", line]).Within();
        Assert.Equal(0, run.Code);
        Assert.Contains(word, run.Out.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _granary granary")]
    [InlineData("zsh", "compdef _granary granary")]
    [InlineData("fish", "complete -c granary")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task Each_shell_has_its_script(string shell, string line)
    {
        var run = await Run.Of(["completion", shell]).Within();
        Assert.Contains(line, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sitemap_names_pages_an_index_sitemaps_and_extensions_have_locations_of_their_own()
    {
        const string Pages = "<urlset xmlns=\"s\" xmlns:image=\"i\"><url><loc>http://h/1?a=1&amp;b=2</loc><image:image><image:loc>http://h/p.png</image:loc></image:image></url><url><lastmod>x</lastmod><loc>http://h/2</loc></url></urlset>";
        Assert.Equal([(false, "http://h/1?a=1&b=2"), (false, "http://h/2")], Sitemap.Locations(Encoding.UTF8.GetBytes(Pages)));
        Assert.Equal([(true, "http://h/s.xml")], Sitemap.Locations("<sitemapindex><sitemap><loc>http://h/s.xml</loc></sitemap></sitemapindex>"u8.ToArray()));

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(Encoding.UTF8.GetBytes(Pages));
        Assert.Equal(2, Sitemap.Locations(packed.ToArray()).Count());
    }

    [Theory]
    [InlineData("<html><loc>x</loc></html>")]
    [InlineData("no xml")]
    [InlineData("<!DOCTYPE urlset [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&a;</loc></url></urlset>")]
    [InlineData("<urlset><url><loc>http://h/1</loc>")]
    public void What_is_no_sitemap_is_none(string text) => Assert.Throws<XmlException>(() => Sitemap.Locations(Encoding.UTF8.GetBytes(text)).ToArray());

    [Theory]
    [InlineData("\e[2Jx\r\n", "\\u001b[2Jx\\u000d\\u000a")]
    [InlineData("a\u202eb\u200b", "a\\u202eb\\u200b")]
    [InlineData("Größe – ok", "Größe – ok")]
    public void What_steers_terminals_is_written_out(string text, string shown) => Assert.Equal(shown, Shown.Safe(text));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1,023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(1L << 40, "1 TiB")]
    public void Sizes_have_binary_units(long bytes, string shown) => Assert.Equal(shown, Shown.Size(bytes));
}
