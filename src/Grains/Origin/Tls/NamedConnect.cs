using System.Net.Security;
using System.Security.Authentication;

namespace Granary.Grains.Origin.Tls;

/// <summary>
/// Connections to an origin that is asked for another name than that of its URL. <see cref="SocketsHttpHandler"/> takes the name for TLS from the Host field; given a stream that is
/// secured already it asks for none.
/// </summary>
internal sealed class NamedConnect(string name, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect, Action<SslClientAuthenticationOptions> apply)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var plain = await connect(context, cancellationToken).ConfigureAwait(false);
        return context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps ? await Secure(plain, cancellationToken).ConfigureAwait(false) : plain;
    }

    private async ValueTask<Stream> Secure(Stream plain, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = name, ApplicationProtocols = [SslApplicationProtocol.Http11] };
        apply(options);
        var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (IOException cut)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException("The handshake was cut off.", cut);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
