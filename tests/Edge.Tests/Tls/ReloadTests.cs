using Granary.Edge.Tests.Configuration;
using Granary.Language;
using Granary.Silo.Configuration;
using Granary.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Tls;

/// <summary>Certificate files that change while an edge runs.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task New_files_take_the_place_of_the_old_by_themselves()
    {
        await using var process = await OneProcess.Starts(null, _issuer.Switches((_issuer.ForServer("one.example"), null)));
        var renewed = _issuer.ForServer("one.example");
        _issuer.Files("0", renewed);
        process.Clock.Passes(6.Seconds());
        await using var tls = await process.ShakesHands("one.example");
        Assert.Equal(renewed.Thumbprint, tls.Thumbprint());
    }

    [Fact]
    public async Task Files_behind_a_symbolic_link_that_is_moved_are_seen()
    {
        var (before, after) = (_issuer.ForServer("one.example"), _issuer.ForServer("one.example"));
        var there = Path.GetDirectoryName(_issuer.Write("x", ""))!;
        foreach (var (name, issued) in ((string, Issued)[])[("first", before), ("second", after)])
        {
            Directory.CreateDirectory(Path.Combine(there, name));
            _issuer.Files($"{name}/tls", issued);
        }

        var data = Directory.CreateSymbolicLink(Path.Combine(there, "..data"), Path.Combine(there, "first"));
        foreach (var file in (string[])["tls.crt", "tls.key"]) File.CreateSymbolicLink(Path.Combine(there, file), $"..data/{file}");
        await using var process = await OneProcess.Starts(
            null, ["--listen", "https://127.0.0.1:0", "--Granary:Tls:Certificates:0:Certificate", Path.Combine(there, "tls.crt"), "--Granary:Tls:Certificates:0:Key", Path.Combine(there, "tls.key")]);
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(before.Thumbprint, tls.Thumbprint());
        data.Delete();
        Directory.CreateSymbolicLink(data.FullName, Path.Combine(there, "second"));
        process.Clock.Passes(6.Seconds());
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(after.Thumbprint, tls.Thumbprint());
    }

    [Fact]
    public async Task A_broken_file_keeps_the_old_certificate_and_is_told_once()
    {
        var logs = Logs.Begin();
        var first = _issuer.ForServer("one.example");
        await using var process = await OneProcess.Starts(null, _issuer.Switches((first, null)), logs);
        _issuer.Write("0.key", "broken");
        for (var i = 0; i < 5; i++)
        {
            process.Clock.Passes(6.Seconds());
            await using var tls = await process.ShakesHands("one.example");
            Assert.Equal(first.Thumbprint, tls.Thumbprint());
        }

        Assert.Single(logs.Lines, static line => line.Event == "CertificateKept");
        Assert.DoesNotContain(logs.Lines, static line => line.Text.Contains("PRIVATE KEY-----", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_comes_after_its_certificate_is_waited_for_without_a_word()
    {
        var logs = Logs.Begin();
        var first = _issuer.ForServer("one.example");
        await using var process = await OneProcess.Starts(null, _issuer.Switches((first, null)), logs);
        var renewed = _issuer.ForServer("one.example");
        _issuer.Write("0.crt", renewed.Pem);
        process.Clock.Passes(6.Seconds());
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(first.Thumbprint, tls.Thumbprint());
        _issuer.Write("0.key", renewed.Key);
        process.Clock.Passes(6.Seconds());
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(renewed.Thumbprint, tls.Thumbprint());
        Assert.DoesNotContain(logs.Lines, static line => line.Event == "CertificateKept");
    }

    [Fact]
    public async Task No_handshake_fails_while_certificates_are_replaced()
    {
        await using var process = await OneProcess.Starts(null, _issuer.Switches((_issuer.ForServer("one.example"), null)));
        var issued = Enumerable.Range(0, 20).Select(_ => _issuer.ForServer("one.example")).ToArray();
        var isOver = false;
        var clients = Enumerable.Range(0, 4).Select(async _ =>
        {
            var seen = new HashSet<string>();
            while (!Volatile.Read(ref isOver))
            {
                await using var tls = await process.ShakesHands("one.example");
                seen.Add(tls.Thumbprint());
            }

            return seen;
        }).ToArray();
        foreach (var one in issued)
        {
            _issuer.Write("0.crt", one.Pem);
            process.Clock.Passes(6.Seconds()); // half of it is there
            _issuer.Write("0.key", one.Key);
            process.Clock.Passes(6.Seconds());
            await using var tls = await process.ShakesHands("one.example");
            Assert.Equal(one.Thumbprint, tls.Thumbprint());
        }

        Volatile.Write(ref isOver, true);
        var seen = (await Task.WhenAll(clients).Within()).SelectMany(static one => one).Distinct();
        Assert.True(seen.Count() > 1);
    }

    [Fact]
    public async Task The_list_of_certificates_changes_while_it_runs()
    {
        var (one, two) = (_issuer.ForServer("one.example"), _issuer.ForServer("two.example"));
        using var file = ConfigFile.With(List(("one", one)));
        await using var process = await OneProcess.Starts(null, ["--config", file.Path, "--listen", "https://127.0.0.1:0"]);
        await using (var tls = await process.ShakesHands("two.example")) Assert.Equal(one.Thumbprint, tls.Thumbprint());
        file.Becomes(List(("one", one), ("two", two)));
        process.Services.GetRequiredService<SettingsSource>().Reload();
        await using (var tls = await process.ShakesHands("two.example")) Assert.Equal(two.Thumbprint, tls.Thumbprint());
        file.Becomes(List(("two", two)));
        process.Services.GetRequiredService<SettingsSource>().Reload();
        await using (var tls = await process.ShakesHands("one.example")) Assert.Equal(two.Thumbprint, tls.Thumbprint());
    }

    [Fact]
    public async Task A_certificate_that_has_expired_or_lacks_its_name_is_shown_with_a_warning()
    {
        var logs = Logs.Begin();
        var expired = _issuer.Issues("CN=old", ["old.example"], ends: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var process = await OneProcess.Starts(null, _issuer.Switches((expired, null), (_issuer.ForServer("one.example"), "other.example")), logs);
        await using (var tls = await process.ShakesHands("old.example")) Assert.Equal(expired.Thumbprint, tls.Thumbprint());
        Assert.Single(logs.Lines, static line => line.Event == "CertificateOutOfDate");
        Assert.Contains("other.example", Assert.Single(logs.Lines, static line => line.Event == "CertificateWithoutName").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_tell_how_long_certificates_hold()
    {
        await using var process = await OneProcess.Starts(null, _issuer.Switches((_issuer.ForServer("one.example"), null)));
        await using (await process.ShakesHands("one.example"))
        {
        }

        using var admin = new HttpClient();
        var metrics = await admin.GetStringAsync(new Uri(process.Admin, "/metrics")).Within();
        Assert.Matches(@"(?m)^granary_tls_certificate_expires_seconds\{[^}]*name=""one\.example""[^}]*\} [5-9]\d{8}", metrics);
        Assert.NotNull(process.Services.GetRequiredService<ServerCertificates>());
    }

    private string List(params (string Name, Issued Issued)[] certificates) => $$"""{ "Granary": { "Tls": { "Certificates": [ {{string.Join(", ", certificates.Select(one =>
    {
        var (certificate, key) = _issuer.Files(one.Name, one.Issued);
        return $$"""{ "Certificate": "{{certificate}}", "Key": "{{key}}" }""";
    }))}} ] } } }""";
}
