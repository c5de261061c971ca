using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Users;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Granary.Edge.Tunnels.Socks;

/// <summary>
/// SOCKS 5 (RFC 1928) and 4 with its extension 4a: (1) agree on no authentication  (2) read what it wants  (3) connect  (4) reply  (5) copy. Only CONNECT is served. Whoever
/// is not understood is left without a word.
/// </summary>
internal sealed class SocksRequests(OpenTunnels tunnels, ErrorAnswers errors, Func<ClientSettings> settings, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const byte Version5 = 5, NoAuthentication = 0, NothingAcceptable = 0xFF;

    public Task Serve5(ConnectionContext connection) => Serve(connection, TunnelWay.Socks5, Ask5, Reply5);

    public Task Serve4(ConnectionContext connection) => Serve(connection, TunnelWay.Socks4, Ask4, Reply4);

    private async Task Serve(ConnectionContext connection, TunnelWay way, Func<SocksReading, ClientEnd, ValueTask<SocksWish>> ask, Func<SocksReply, byte[]> reply)
    {
        var output = ClientEnd.Of(connection);
        try
        {
            SocksWish wish;
            using (var late = new CancellationTokenSource(settings().HeadTimeout, clock))
                wish = await ask(new SocksReading(connection.Transport.Input, late.Token), output);                                     // (1), (2)
            if (wish.Target is { } target) await Open(connection, output, way, target, reply);
            else if (wish.Refusal is { } refusal) await output.Send(reply(refusal), CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ConnectionAbortedException)
        {
            errors.Count(ForwardError.ClientGone);
        }
    }

    private async Task Open(ConnectionContext connection, ClientEnd output, TunnelWay way, TunnelTarget target, Func<SocksReply, byte[]> reply)
    {
        switch (await tunnels.Open((connection.RemoteEndPoint as IPEndPoint)?.Address, connection.Features.Get<ClientIdentity>(), way, target, lifetime.ApplicationStopping))          // (3)
        {
            case Opened.Refused(var why):
                errors.Count(why);
                await output.Send(reply(SocksReplies.Of(why)), CancellationToken.None);                                                 // (4)
                break;
            case Opened.To to:
                using (to)
                {
                    await output.Send(reply(SocksReply.Succeeded), CancellationToken.None);
                    await tunnels.Run(new Wayfarer(way, connection.RemoteEndPoint, connection.Transport.Input, output), target, to); // (5)
                }

                break;
        }
    }

    // RFC 1928 §3, §4.
    private static async ValueTask<SocksWish> Ask5(SocksReading input, ClientEnd output)
    {
        var methods = await input.Exactly((await input.Exactly(2))[1]);
        if (!methods.Contains(NoAuthentication))
        {
            await output.Send(new[] { Version5, NothingAcceptable }, CancellationToken.None);
            return default;
        }

        await output.Send(new[] { Version5, NoAuthentication }, CancellationToken.None);
        var request = await input.Exactly(4);
        if (request[0] != Version5 || request[2] != 0) return default;
        var host = request[3] switch
        {
            1 => new IPAddress(await input.Exactly(4)).ToString(),
            3 => Encoding.Latin1.GetString(await input.Exactly((await input.Exactly(1))[0])),
            4 => new IPAddress(await input.Exactly(16)).ToString(),
            _ => null,
        };
        if (host is null) return new SocksWish(null, SocksReply.AddressTypeNotSupported);
        var port = BinaryPrimitives.ReadUInt16BigEndian(await input.Exactly(2));
        if (request[1] != 1) return new SocksWish(null, SocksReply.CommandNotSupported);
        return SocksWish.Of(request[3] == 4 ? new TunnelTarget(host, port) : TunnelTarget.Of(host, port));
    }

    // The address 0.0.0.x with x not zero says that a name follows: SOCKS 4A.
    private static async ValueTask<SocksWish> Ask4(SocksReading input, ClientEnd output)
    {
        var request = await input.Exactly(8);
        await input.UpToZero();
        var port = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        var isNamed = request is [_, _, _, _, 0, 0, 0, not 0];
        var host = isNamed ? Encoding.Latin1.GetString(await input.UpToZero()) : new IPAddress(request.AsSpan(4, 4)).ToString();
        return request[1] == 1 ? SocksWish.Of(TunnelTarget.Of(host, port)) : new SocksWish(null, SocksReply.CommandNotSupported);
    }

    // RFC 1928 §6. The address that is bound here is nobody's business.
    private static byte[] Reply5(SocksReply reply) => [Version5, (byte)reply, 0, 1, 0, 0, 0, 0, 0, 0];

    private static byte[] Reply4(SocksReply reply) => [0, reply is SocksReply.Succeeded ? (byte)90 : (byte)91, 0, 0, 0, 0, 0, 0];
}
