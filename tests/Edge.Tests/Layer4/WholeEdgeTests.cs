using System.Net;
using Granary.Edge.Tests.Configuration;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Layer4;

/// <summary>Listeners of layer 4 in an edge, beside its others.</summary>
public sealed class WholeEdgeTests
{
    [Fact]
    public async Task An_edge_listens_for_HTTP_and_for_TCP_and_its_metrics_tell_of_both()
    {
        await using var origin = Origin.Starts();
        origin.Answers("/x", 200, ["Cache-Control: max-age=60"], "content");
        using var backend = Backend.Listens();
        await using var process = await OneProcess.Starts(origin, ["--Granary:Tcp:0:Name", "sftp", "--Granary:Tcp:0:Listen", "127.0.0.1:0", "--Granary:Tcp:0:To", $"{backend}"]);
        using var client = await Wire.To(TcpAddress(process));
        using var handed = await backend.Accepts();
        await client.Says("question");
        await handed.Hears("question");
        await handed.Says("answer");
        await client.Hears("answer");
        using var http = process.Client();
        await http.Asks("/x").Gets(200, "content");

        using var admin = new HttpClient();
        var metrics = await admin.GetStringAsync(new Uri(process.Admin, "/metrics")).Within();
        foreach (var (name, label, value) in ((string, string, int)[])
            [
                ("connections_total", "listener=\"sftp\"", 1), ("connections_open", "listener=\"sftp\"", 1), ("bytes_total", "direction=\"in\"", 8), ("bytes_total", "direction=\"out\"", 6),
                ("destination_up", $"destination=\"{backend}\"", 1),
            ])
            Assert.Matches($"(?m)^granary_tcp_{name}\\{{[^}}]*{label}[^}}]*\\}} {value}$", metrics);
    }

    [Fact]
    public async Task Destinations_change_while_it_runs_and_a_connection_stays_where_it_is()
    {
        using var one = Backend.Listens();
        using var two = Backend.Listens();
        using var file = ConfigFile.With(Listener(one));
        await using var process = await OneProcess.Starts(null, ["--config", file.Path]);
        using var old = await Wire.To(TcpAddress(process));
        using var oldHanded = await one.Accepts();

        file.Becomes(Listener(two));
        process.Services.GetRequiredService<SettingsSource>().Reload();
        using var fresh = await Wire.To(TcpAddress(process));
        using var handed = await two.Accepts();
        await handed.Says("two");
        await fresh.Hears("two");
        await oldHanded.Says("one");
        await old.Hears("one");
    }

    private static string Listener(Backend to) => $$$"""{"Granary":{"Tcp":[{"Listen":"127.0.0.1:0","To":"{{{to}}}"}]}}""";

    private static IPEndPoint TcpAddress(OneProcess process)
    {
        var addresses = process.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Where(a => a.StartsWith("http://127", StringComparison.Ordinal));
        return new IPEndPoint(IPAddress.Loopback, new Uri(addresses.ElementAt(1)).Port); // behind that of HTTP, before that of administration
    }
}
