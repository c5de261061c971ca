using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;

namespace Granary.Grains.Origin.Tls;

/// <summary>
/// Whose certificates are accepted from origins, and what they are shown. The name in a certificate always has to be that which was asked for (RFC 9110 §4.3.4); an authority of our own
/// counts beside those of the system, or in their place.
/// </summary>
internal sealed class OriginTrust
{
    private readonly OriginTlsOptions _options;
    private readonly TimeProvider _clock;
    private readonly FollowedCertificate? _own;
    private Authorities? _authorities;

    public OriginTrust(OriginTlsOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _authorities = FindAuthorities();
        _own = options.Own is null ? null : new FollowedCertificate(options.Own, clock);
    }

    /// <param name="isConfigured">An operator named the destinations: strangers' are never shown who we are, and are never believed unseen.</param>
    public void Apply(SslClientAuthenticationOptions tls, ConnectionTraits traits, bool isConfigured)
    {
        tls.EnabledSslProtocols = traits.TlsProtocols == 0 ? _options.Protocols : (SslProtocols)traits.TlsProtocols;
        if (_options.Authority is not null) tls.RemoteCertificateValidationCallback = Trusts;
#pragma warning disable CA5359 // Only where the operator says so, in these words: AcceptAnyCertificate, DangerousAcceptAnyServerCertificate.
        if (isConfigured && (_options.AcceptsAnyCertificate || traits.AcceptsAnyCertificate)) tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        if (isConfigured && _own is not null) tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => _own.Current()!;
    }

    private bool Trusts(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None && _options.TrustsSystem) return true;
        if (shown is not X509Certificate2 certificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        if ((_authorities ??= FindAuthorities()) is not { } authorities) return false;
        using var ours = new X509Chain { ChainPolicy = authorities.Policy(CertificateUsage.Server) };
        if (chain is not null) ours.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore); // what the origin sent with it
        return ours.Build(certificate);
    }

    private Authorities? FindAuthorities() => _options.Authority is { } path ? Authorities.In(path, _clock) : null;
}
