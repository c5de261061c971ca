using System.Net;
using System.Security.Cryptography.X509Certificates;
using Granary.Language;

namespace Granary.Edge.Tests.Tls;

/// <summary>Certificates that clients are asked for.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime, IDisposable
{
    private readonly Issuer _issuer = new();
    private readonly Issuer _clients = new("authority of clients");
    private readonly Origin _origin = Origin.Starts();

    public Task InitializeAsync()
    {
        _origin.Answers("/page", 200, ["Cache-Control: no-store"], "page");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public void Dispose()
    {
        _issuer.Dispose();
        _clients.Dispose();
    }

    [Theory]
    [InlineData("Off", "1.1", true, true, true)]
    [InlineData("Optional", "1.1", true, true, false)]
    [InlineData("Optional", "2.0", true, true, false)]
    [InlineData("Required", "1.1", false, true, false)]
    [InlineData("Required", "2.0", false, true, false)]
    public async Task Who_shows_none_a_good_one_or_that_of_a_stranger_is_let_in_or_not(string mode, string version, bool none, bool good, bool stranger)
    {
        await using var process = await Starts(mode);
        using var ours = _clients.ForClient("CN=alice").Load();
        using var theirs = _issuer.ForClient("CN=mallory").Load();
        foreach (var (shown, isLetIn) in ((X509Certificate2?, bool)[])[(null, none), (ours, good), (theirs, stranger)]) Assert.Equal(isLetIn, await IsLetIn(process, shown, new Version(version)));
    }

    [Fact]
    public async Task A_certificate_that_has_expired_or_is_for_servers_is_refused()
    {
        await using var process = await Starts("Optional");
        using var expired = _clients.ForClient("CN=alice", new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)).Load();
        using var server = _clients.ForServer("alice.example").Load();
        Assert.False(await IsLetIn(process, expired, HttpVersion.Version11));
        Assert.False(await IsLetIn(process, server, HttpVersion.Version11));
    }

    [Fact]
    public async Task The_authority_is_another_as_soon_as_its_file_is()
    {
        await using var process = await Starts("Required");
        using var alice = _clients.ForClient("CN=alice").Load();
        Assert.True(await IsLetIn(process, alice, HttpVersion.Version11));
        File.WriteAllText(_clients.RootFile, _issuer.Root.ExportCertificatePem());
        process.Clock.Passes(6.Seconds());
        Assert.False(await IsLetIn(process, alice, HttpVersion.Version11));
        using var bob = _issuer.ForClient("CN=bob").Load();
        Assert.True(await IsLetIn(process, bob, HttpVersion.Version11));
    }

    [Fact]
    public async Task The_subject_is_told_in_a_field_that_clients_cannot_write()
    {
        await using var process = await Starts("Optional", "--Granary:Tls:ClientSubjectField", "X-Client-Subject");
        using var alice = _clients.ForClient("CN=Zoë\r\nX-Evil: 1, O=Example").Load();
        foreach (var shown in (X509Certificate2?[])[alice, null])
        {
            using var client = process.SecureClient(_issuer, shows: shown);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/page");
            foreach (var name in (string[])["X-Client-Subject", "x-client_subject", "Client-Cert"]) request.Headers.TryAddWithoutValidation(name, "CN=root");
            using var answer = await client.SendAsync(request).Within();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var plain = process.Client();
        await plain.Asks("/page", "X-Client-Subject: CN=root").Gets(200, "page");
        var told = _origin.Requests("/page").Select(static request => request.Fields.Where(static line => line.Name.Contains("client", StringComparison.OrdinalIgnoreCase)).ToArray()).ToArray();
        Assert.Contains("CN=", Assert.Single(told[0]).Value, StringComparison.Ordinal);
        Assert.Contains(@"Zo\C3\AB\0D\0A", Assert.Single(told[0]).Value, StringComparison.Ordinal);
        Assert.Empty(told[1]);
        Assert.Empty(told[2]);
    }

    [Fact]
    public async Task A_site_in_forward_mode_is_not_told_who_the_client_is_by_anybody()
    {
        await using var process = await OneProcess.Starts(null, [.. _issuer.Switches((_issuer.ForServer("www.example.com"), null)), "--allow-destination", "127.0.0.1", "--Granary:Tls:ClientCertificates", "Required",
            "--Granary:Tls:ClientAuthority", _clients.RootFile, "--Granary:Tls:ClientSubjectField", "X-Client-Subject"]);
        using var alice = _clients.ForClient("CN=alice").Load();
        await using var tls = await process.ShakesHands("www.example.com", alice);
        await tls.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {_origin.Url}/page HTTP/1.1\r\nHost: {_origin.Authority}\r\nX-Client-Subject: CN=root\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync().Within(), StringComparison.Ordinal);
        _origin.WasAskedWithout("/page", "X-Client-Subject");
    }

    [Fact]
    public async Task Probes_of_an_admin_listener_with_TLS_are_asked_for_no_certificate()
    {
        var (certificate, key) = _issuer.Files("a", _issuer.ForServer("localhost"));
        await using var process = await OneProcess.Starts(_origin, ["--Granary:Tls:Certificates:0:Certificate", certificate, "--Granary:Tls:Certificates:0:Key", key,
            "--admin", "https://127.0.0.1:0", "--Granary:Tls:ClientCertificates", "Required", "--Granary:Tls:ClientAuthority", _clients.RootFile]);
        using var client = process.SecureClient(_issuer, "localhost");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative)).Within()).StatusCode);
    }

    private Task<OneProcess> Starts(string mode, params string[] more) => OneProcess.Starts(
        _origin, [.. _issuer.Switches((_issuer.ForServer("www.example.com"), null)), "--Granary:Tls:ClientCertificates", mode, "--Granary:Tls:ClientAuthority", _clients.RootFile, .. more]);

    private async Task<bool> IsLetIn(OneProcess process, X509Certificate2? shown, Version version)
    {
        using var client = process.SecureClient(_issuer, version: version, shows: shown);
        try
        {
            using var answer = await client.GetAsync(new Uri("/page", UriKind.Relative)).Within();
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
