using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Parents;

/// <summary>Asks a SOCKS 5 server for a connection: (1) agree on how to say who we are  (2) say it (RFC 1929)  (3) ask  (4) read the reply, to its end. RFC 1928 §3, §4, §6.</summary>
internal static class Socks5Parent
{
    private const byte Version = 5, NoAuthentication = 0, Password = 2;

    /// <exception cref="ParentRefusedException">The parent fails.</exception>
    /// <exception cref="OriginConnectException">It says that the destination does, or that it will not.</exception>
    public static async ValueTask Open(Stream stream, string host, int port, ParentCredentials? credentials, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(credentials is null ? new byte[] { Version, 1, NoAuthentication } : new byte[] { Version, 2, NoAuthentication, Password }, cancellationToken).ConfigureAwait(false); // (1)
        switch (await stream.Exactly(2, cancellationToken).ConfigureAwait(false))
        {
            case [Version, NoAuthentication]: break;
            case [Version, Password] when credentials is not null: await SayWho(stream, credentials, cancellationToken).ConfigureAwait(false); break;              // (2)
            case [Version, _]: throw new ParentRefusedException("it asks for other credentials");
            default: throw new ParentRefusedException("its answer is not SOCKS 5");
        }

        await stream.WriteAsync(Request(host, port), cancellationToken).ConfigureAwait(false);                                                                     // (3)
        await ReadReply(stream, cancellationToken).ConfigureAwait(false);                                                                                        // (4)
    }

    private static async ValueTask SayWho(Stream stream, ParentCredentials credentials, CancellationToken cancellationToken)
    {
        var (user, password) = (Encoding.UTF8.GetBytes(credentials.User), Encoding.UTF8.GetBytes(credentials.Password));
        byte[] said = [1, (byte)user.Length, .. user, (byte)password.Length, .. password];
        await stream.WriteAsync(said, cancellationToken).ConfigureAwait(false);
        if (await stream.Exactly(2, cancellationToken).ConfigureAwait(false) is not [_, 0]) throw new ParentRefusedException("it does not take our credentials");
    }

    private static byte[] Request(string host, int port)
    {
        byte[] address = IPAddress.TryParse(host, out var literal)
            ? [literal.AddressFamily is AddressFamily.InterNetwork ? (byte)1 : (byte)4, .. literal.GetAddressBytes()]
            : [3, (byte)host.Length, .. Encoding.ASCII.GetBytes(host)];
        byte[] request = [Version, 1, 0, .. address, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2), (ushort)port);
        return request;
    }

    private static async ValueTask ReadReply(Stream stream, CancellationToken cancellationToken)
    {
        var head = await stream.Exactly(4, cancellationToken).ConfigureAwait(false);
        if (head[0] != Version) throw new ParentRefusedException("its answer is not SOCKS 5");
        if (head[1] != 0) throw Refusal(head[1]); // some send no address then
        var length = head[3] switch
        {
            1 => 4,
            4 => 16,
            3 => (await stream.Exactly(1, cancellationToken).ConfigureAwait(false))[0],
            _ => throw new ParentRefusedException("its answer is not SOCKS 5"),
        };
        await stream.Exactly(length + 2, cancellationToken).ConfigureAwait(false);
    }

    private static IOException Refusal(byte reply) => reply switch
    {
        2 => new OriginConnectException(ConnectFault.ParentRefused) { Tried = "2" },
        3 or 4 => new OriginConnectException(ConnectFault.Unreachable),
        5 => new OriginConnectException(ConnectFault.ConnectionRefused),
        6 => new OriginConnectException(ConnectFault.ConnectTimedOut),
        _ => new ParentRefusedException($"it does not serve us ({reply})"),
    };
}
