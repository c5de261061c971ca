using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Parents;

/// <summary>Asks an HTTP proxy for a tunnel. RFC 9110 §9.3.6.</summary>
internal static class HttpParent
{
    private const int MostHead = 16 << 10, MostInterims = 8;

    /// <param name="authority">Host and port, as CONNECT names them.</param>
    /// <param name="via">Of the request that this is done for, and ours behind it.</param>
    /// <exception cref="ParentRefusedException">The parent fails.</exception>
    /// <exception cref="OriginConnectException">It says that the destination does, or that it will not.</exception>
    public static async ValueTask Open(NetworkStream stream, string authority, string via, ParentCredentials? credentials, CancellationToken cancellationToken)
    {
        var authorization = credentials is null ? "" : $"Proxy-Authorization: {credentials.Basic}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nVia: {via}\r\n{authorization}\r\n"), cancellationToken).ConfigureAwait(false);
        for (var interims = 0; interims < MostInterims; interims++)
        {
            var head = await stream.Socket.Head(MostHead, cancellationToken).ConfigureAwait(false) ?? throw new ParentRefusedException("its answer is too long");
            var status = StatusOf(head);
            if (status is >= 100 and < 200 and not 101) continue; // RFC 9110 §15.2
            if (status is >= 200 and < 300) return;
            throw Refusal(status);
        }

        throw new ParentRefusedException("its answer has no end");
    }

    private static IOException Refusal(int status) => status switch
    {
        0 => new ParentRefusedException("its answer is not HTTP"),
        407 => new ParentRefusedException("it asks for other credentials (407)"),
        502 => new OriginConnectException(ConnectFault.Unreachable),
        504 => new OriginConnectException(ConnectFault.ConnectTimedOut),
        >= 500 and not 508 => new ParentRefusedException($"it is not well ({status})"),
        _ => new OriginConnectException(ConnectFault.ParentRefused) { Tried = $"{status}" },
    };

    // HTTP/1.x SP 3DIGIT; anything else is nobody's answer to CONNECT.
    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.Length > 13 && head.StartsWith("HTTP/1."u8) && head[8] == (byte)' ' && head[12] is (byte)' ' or (byte)'\r' or (byte)'\n'
            && int.TryParse(head[9..12], System.Globalization.NumberStyles.None, null, out var status) && status >= 100 ? status : 0;
}
