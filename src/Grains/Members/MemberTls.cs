using System.Net.Security;

namespace Granary.Grains.Members;

/// <summary>How members of the cluster reach each other's content ports: in the clear, or by TLS with a certificate on both sides.</summary>
/// <param name="Client">Null for none.</param>
public sealed record MemberTls(SslClientAuthenticationOptions? Client)
{
    public static readonly MemberTls None = new((SslClientAuthenticationOptions?)null);

    /// <summary>The beginning of their URLs.</summary>
    public string Scheme => Client is null ? "http" : "https";

    /// <summary>The same connections, secured if that is asked for.</summary>
    public SocketsHttpHandler Secure(SocketsHttpHandler handler)
    {
        if (Client is not null) handler.SslOptions = Client;
        return handler;
    }
}
