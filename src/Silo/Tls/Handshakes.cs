using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Granary.Silo.Tls;

/// <summary>What each client is answered in its handshake, by the settings of that moment.</summary>
public sealed class Handshakes(ServerCertificates certificates, SettingsSource settings, TimeProvider clock)
{
    private readonly Lock _reading = new();
    private (string Path, Authorities? Read)? _clients;

    internal TimeSpan Timeout => settings.Current.Tls.HandshakeTimeout;

    internal int Most => settings.Current.Tls.MaxHandshakes;

    /// <param name="name">The name that the client asks for (RFC 6066 §3).</param>
    /// <param name="mayAskClients">Whether this listener asks for certificates where the settings say so.</param>
    internal SslServerAuthenticationOptions Answer(string? name, bool mayAskClients)
    {
        var tls = settings.Current.Tls;
        // RFC 6066 §3: an alert, fatal; which one the platform chooses.
        var serving = certificates.For(name) ?? throw new AuthenticationException("There is no certificate for the name that was asked for.");
        var answer = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = serving.Context,
            EnabledSslProtocols = ProtocolsFrom(tls.MinVersion),
            AllowRenegotiation = false,
        };
        if (mayAskClients && tls.ClientCertificates is not ClientCertificates.Off) AskClient(answer, tls);
        return answer;
    }

    internal static SslProtocols ProtocolsFrom(TlsVersion least) => least is TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;

    private void AskClient(SslServerAuthenticationOptions answer, ServerTlsSettings tls)
    {
        answer.ClientCertificateRequired = true; // that is: asked for
        answer.AllowTlsResume = false;           // a session of before would outlive the authority that it was admitted by
        answer.CertificateChainPolicy = AuthoritiesIn(tls.ClientAuthority!)?.Policy(CertificateUsage.Client, tls.CheckRevocation)
            ?? throw new AuthenticationException("The file of Granary:Tls:ClientAuthority is not there.");
        var isOptional = tls.ClientCertificates is ClientCertificates.Optional;
        answer.RemoteCertificateValidationCallback = (_, shown, _, errors) => shown is null ? isOptional : errors is SslPolicyErrors.None;
    }

    private Authorities? AuthoritiesIn(string path)
    {
        lock (_reading)
        {
            if (_clients is not { Read: not null } known || known.Path != path) _clients = known = (path, Authorities.In(path, clock));
            return known.Read;
        }
    }
}
