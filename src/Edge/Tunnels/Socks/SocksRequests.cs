using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Tunnels.Socks.Udp;
using Granary.Edge.Users;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Tunnels.Socks;

/// <summary>
/// SOCKS 5 (RFC 1928) and 4 with its extension 4a: (1) agree on no authentication, or on name and password (RFC 1929)  (2) read what it wants  (3) connect  (4) reply  (5) copy. CONNECT is served, and where that is set UDP ASSOCIATE. Whoever
/// is not understood is left without a word.
/// </summary>
internal sealed class SocksRequests(OpenTunnels tunnels, UdpAssociations datagrams, ForwardUsers users, AccessLines lines, ErrorAnswers errors, Func<ClientSettings> settings, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private const byte Version5 = 5, NoAuthentication = 0, Password = 2, NothingAcceptable = 0xFF;

    public Task Serve5(ConnectionContext connection) => Serve(connection, TunnelWay.Socks5, Ask5, Reply5);

    public Task Serve4(ConnectionContext connection) => Serve(connection, TunnelWay.Socks4, Ask4, Reply4);

    private async Task Serve(ConnectionContext connection, TunnelWay way, Func<ConnectionContext, SocksReading, ClientEnd, ValueTask<SocksWish>> ask, Func<SocksReply, byte[]> reply)
    {
        var (output, record) = (ClientEnd.Of(connection), lines.Begin());
        try
        {
            SocksWish wish;
            using (var late = new CancellationTokenSource(settings().HeadTimeout, clock))
                wish = await ask(connection, new SocksReading(connection.Transport.Input, late.Token), output);                                     // (1), (2)
            if (record is not null && wish.Target is not null) (record.Target, record.Client, record.Way, record.User, record.Protocol, record.Status) = ($"{wish.Target}", AddressOf(connection), way, wish.Who?.Name, $"{way}", StatusCodes.Status499ClientClosedRequest);
            if (wish.Target is { } target) await Open(new Wayfarer(way, connection.RemoteEndPoint, connection.Transport.Input, output) { Line = TunnelLine.Of(connection), Record = record }, target, wish.Who, reply);
            else if (wish.UdpFrom is { } port) await Relay(connection, output, record, wish.Who, port);
            else if (wish.Refusal is { } refusal) await output.Send(reply(refusal), CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ConnectionAbortedException)
        {
            errors.Count(ForwardError.ClientGone);
        }
        finally
        {
            if (record is { Status: not 0 }) lines.Write(record);
        }
    }

    private async Task Open(Wayfarer wayfarer, TunnelTarget target, ClientIdentity? who, Func<SocksReply, byte[]> reply)
    {
        switch (await tunnels.Open((wayfarer.Client as IPEndPoint)?.Address, who, wayfarer.Way, target, lifetime.ApplicationStopping))                                        // (3)
        {
            case Opened.Refused(var why):
                errors.Count(why);
                wayfarer.Record?.Fail(why);
                await wayfarer.Output.Send(reply(SocksReplies.Of(why)), CancellationToken.None);                                                 // (4)
                break;
            case Opened.Ready to:
                using (to)
                {
                    await wayfarer.Output.Send(reply(SocksReply.Succeeded), CancellationToken.None);
                    await tunnels.Run(wayfarer, target, to); // (5)
                }

                break;
        }
    }

    // RFC 1928 §7: the relay lasts as long as the connection, over which nothing more is said.
    private async Task Relay(ConnectionContext connection, ClientEnd output, AccessRecord? record, ClientIdentity? who, int port)
    {
        if (record is not null) (record.Target, record.Client, record.Way, record.User, record.Protocol, record.Method) = ("udp", AddressOf(connection), TunnelWay.Socks5, who?.Name, $"{TunnelWay.Socks5}", "UDP");
        var (association, refusal) = datagrams.Open(connection.RemoteEndPoint, connection.LocalEndPoint, who, port);
        if (association is null)
        {
            errors.Count(refusal!);
            record?.Fail(refusal!);
            await output.Send(Reply5(SocksReplies.Of(refusal!)), CancellationToken.None);
            return;
        }

        try
        {
            if (record is not null) record.Status = StatusCodes.Status200OK;
            await output.Send(Reply5(association.Relay), CancellationToken.None);
            using var stops = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            var ends = Ends(connection, stops.Token);
            await association.Run(ends);
            await stops.CancelAsync();
            await ends;
        }
        finally
        {
            if (record is not null) (record.BytesIn, record.Bytes) = (association.BytesIn, association.BytesOut);
            datagrams.Close(association);
        }
    }

    private static async Task Ends(ConnectionContext connection, CancellationToken stops)
    {
        try
        {
            while (await connection.Transport.Input.ReadAsync(stops) is { IsCompleted: false } said) connection.Transport.Input.AdvanceTo(said.Buffer.End);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            // However it ends, it has ended.
        }
    }

    // RFC 1928 §3, §4.
    private async ValueTask<SocksWish> Ask5(ConnectionContext connection, SocksReading input, ClientEnd output)
    {
        var methods = await input.Exactly((await input.Exactly(2))[1]);
        if (await Agree(connection, methods, input, output) is not Identified.As(var who)) return default;
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
        if (request[1] == 3 && datagrams.AreOn) return new SocksWish(null, null) { Who = who, UdpFrom = port };
        if (request[1] != 1) return new SocksWish(null, SocksReply.CommandNotSupported);
        return SocksWish.Of(request[3] == 4 ? new TunnelTarget(host, port) : TunnelTarget.Of(host, port)) with { Who = who };
    }

    private async ValueTask<Identified> Agree(ConnectionContext connection, byte[] methods, SocksReading input, ClientEnd output)
    {
        var hasPassword = users.HavePasswords && methods.Contains(Password);
        if (!hasPassword || CertificateOf(connection) is not null)
        {
            var silent = methods.Contains(NoAuthentication) ? await users.Of(AddressOf(connection), ProxyCredentials.None, CertificateOf(connection)) : null;
            if (silent is Identified.As({ }) || (silent is Identified.As && !hasPassword))
            {
                await output.Send(new[] { Version5, NoAuthentication }, CancellationToken.None);
                return silent;
            }

            if (!hasPassword) return await Refuse(output, [Version5, NothingAcceptable], silent as Identified.Refused ?? new Identified.Refused(new ForwardError.Unidentified([])));
        }

        await output.Send(new[] { Version5, Password }, CancellationToken.None);
        return await AskPassword(connection, input, output);
    }

    // RFC 1929 §2.
    private async ValueTask<Identified> AskPassword(ConnectionContext connection, SocksReading input, ClientEnd output)
    {
        var head = await input.Exactly(2);
        if (head[0] != 1) throw new IOException("The client did not say who it is.");
        var name = await input.Exactly(head[1]);
        var password = await input.Exactly((await input.Exactly(1))[0]);
        var identified = await users.Of(AddressOf(connection), ProxyCredentials.Basic.Of(name, password), CertificateOf(connection));
        if (identified is Identified.Refused refused) return await Refuse(output, [1, 1], refused);
        await output.Send(new byte[] { 1, 0 }, CancellationToken.None);
        return identified;
    }

    private async ValueTask<Identified> Refuse(ClientEnd output, byte[] reply, Identified.Refused refused)
    {
        errors.Count(refused.Why);
        await output.Send(reply, CancellationToken.None);
        return refused;
    }

    private static IPAddress? AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    private static System.Security.Cryptography.X509Certificates.X509Certificate2? CertificateOf(ConnectionContext connection) => connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    // Nothing in it is a password, so it serves only those who need none. The address 0.0.0.x with x not zero says that a name follows: SOCKS 4A.
    private async ValueTask<SocksWish> Ask4(ConnectionContext connection, SocksReading input, ClientEnd output)
    {
        var request = await input.Exactly(8);
        await input.UpToZero();
        var port = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        var isNamed = request is [_, _, _, _, 0, 0, 0, not 0];
        var host = isNamed ? Encoding.Latin1.GetString(await input.UpToZero()) : new IPAddress(request.AsSpan(4, 4)).ToString();
        if (await users.Of(AddressOf(connection), ProxyCredentials.None, CertificateOf(connection)) is not Identified.As(var who)) return Unknown();
        return request[1] == 1 ? SocksWish.Of(TunnelTarget.Of(host, port)) with { Who = who } : new SocksWish(null, SocksReply.CommandNotSupported);
    }

    private SocksWish Unknown()
    {
        errors.Count(new ForwardError.Unidentified([]));
        return new SocksWish(null, SocksReply.NotAllowed);
    }

    // RFC 1928 §6. The address that is bound here is nobody's business.
    private static byte[] Reply5(SocksReply reply) => [Version5, (byte)reply, 0, 1, 0, 0, 0, 0, 0, 0];

    private static byte[] Reply5(IPEndPoint bound)
    {
        var reply = new byte[UdpHeader.Most];
        var length = UdpHeader.Write(bound, reply); // the same address, behind three bytes
        (reply[0], reply[1]) = (Version5, (byte)SocksReply.Succeeded);
        return reply[..length];
    }

    private static byte[] Reply4(SocksReply reply) => [0, reply is SocksReply.Succeeded ? (byte)90 : (byte)91, 0, 0, 0, 0, 0, 0];
}
