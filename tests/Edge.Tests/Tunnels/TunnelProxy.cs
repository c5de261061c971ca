using System.Net;
using Granary.Edge.Tests.Layer4;
using Granary.Language;

namespace Granary.Edge.Tests.Tunnels;

/// <summary>A forward proxy whose clients may open tunnels on this machine, and a server for them.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private TunnelProxy(OneProcess process) => Process = process;

    public OneProcess Process { get; }

    public Backend Backend { get; } = Backend.Listens();

    public static async Task<TunnelProxy> Starts(params string[] more) =>
        new(await OneProcess.Starts(null, ["--allow-destination", "127.0.0.0/8", "--Granary:Tunnels:Ports", "1-65535", .. more]));

    public Task<Wire> Connects() => Wire.To(new IPEndPoint(IPAddress.Loopback, Process.Url.Port));

    /// <summary>Says so much, and reads all that comes.</summary>
    public async Task<string> Gets(string text)
    {
        using var client = await Connects();
        await client.Says(text);
        client.Ends();
        return System.Text.Encoding.Latin1.GetString(await client.HearsTheRest());
    }

    public async ValueTask DisposeAsync()
    {
        Backend.Dispose();
        await Process.DisposeAsync();
    }
}
