using System.Buffers;
using Granary.Edge.Listening;
using Granary.Edge.Tunnels.Socks;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Tunnels;

/// <summary>
/// Takes what asks for a tunnel off a listener before it comes to HTTP: Kestrel knows no CONNECT of HTTP/1.1. The first bytes tell; a client that has sent
/// another request over the connection before gets 501. A client that was asked who it is says so, or something else, on the same connection.
/// </summary>
internal static class TunnelsAtListener
{
    /// <summary>How often in a row a client may be asked who it is over one connection.</summary>
    private const int MostAsked = 6;

    public static ListenOptions UseTunnels(this ListenOptions options, GranarySettings settings, TimeProvider clock)
    {
        if (settings.Origin is not null) return options; // nobody is taken anywhere else
        var (connect, socks) = (options.ApplicationServices.GetRequiredService<ConnectRequests>(), options.ApplicationServices.GetRequiredService<SocksRequests>());
        options.Use(next => connection => Serve(connection, next, settings, connect, socks, clock));
        return options;
    }

    private static async Task Serve(ConnectionContext connection, ConnectionDelegate next, GranarySettings settings, ConnectRequests connect, SocksRequests socks, TimeProvider clock)
    {
        var first = await FirstBytes.Look(connection, settings.Client.HeadTimeout, clock, bytes => Judge(bytes, settings.Tunnels.Socks), First.Http);
        for (var asked = 1; first is First.Connect; asked++)
        {
            if (!await connect.Serve(connection, mayStay: asked < MostAsked)) return;
            first = await FirstBytes.Look(connection, settings.Client.IdleTimeout, clock, static bytes => Judge(bytes, speaksSocks: false), First.Http);
        }

        var serving = first switch
        {
            First.Socks5 => socks.Serve5(connection),
            First.Socks4 => socks.Serve4(connection),
            First.Http => next(connection),
            _ => Task.CompletedTask,
        };
        await serving;
    }

    private static First? Judge(ReadOnlySequence<byte> bytes, bool speaksSocks)
    {
        switch (bytes.FirstSpan[0])
        {
            case 5 when speaksSocks: return First.Socks5;
            case 4 when speaksSocks: return First.Socks4;
        }

        Span<byte> start = stackalloc byte[(int)Math.Min(bytes.Length, Connect.Length)];
        bytes.Slice(0, start.Length).CopyTo(start);
        if (!start.SequenceEqual(Connect[..start.Length])) return First.Http;
        return start.Length == Connect.Length ? First.Connect : null;
    }

    private static ReadOnlySpan<byte> Connect => "CONNECT "u8;

    private enum First
    {
        Http,
        Connect,
        Socks5,
        Socks4,
    }
}
