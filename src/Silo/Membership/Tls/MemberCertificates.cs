using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Granary.Silo.Membership.Tls;

/// <summary>
/// The certificate of this process towards other members, and the authority whose certificates they have. Read again when the files change; files that are broken then
/// change nothing. Names in certificates do not matter: who has one of that authority is a member.
/// </summary>
public sealed class MemberCertificates
{
    private const string AnyMember = "granary";

    private readonly FollowedCertificate _own;
    private readonly Authorities _authority;

    private MemberCertificates(FollowedCertificate own, Authorities authority) => (_own, _authority) = (own, authority);

    private X509Certificate2 Own => _own.Current()!;

    /// <returns>Null if no TLS is asked for.</returns>
    /// <exception cref="IOException">The files are not what they should be.</exception>
    public static MemberCertificates? Of(TlsSettings tls, TimeProvider clock)
    {
        if (tls.Certificate is null) return null;
        var files = new CertificateFiles(tls.Certificate, tls.Key);
        if (files.Read() is CertificateReading.Refused(var why)) throw Broken($"Certificate and Key: {why.Remedy()}");
        return new(new FollowedCertificate(files, clock), Authorities.In(tls.Authority!, clock) ?? throw Broken("Authority has no certificate in it"));
    }

    /// <summary>Whether a member shows it.</summary>
    public bool IsMember(X509Certificate2? shown)
    {
        if (shown is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority.Current());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of a cluster has no list; its certificates are short-lived
        return chain.Build(shown);
    }

    /// <summary>For who is called, over connections of Orleans.</summary>
    internal SslServerAuthenticationOptions ForServer() => new()
    {
        ServerCertificateSelectionCallback = (_, _) => Own,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = Validate,
    };

    /// <summary>For who calls, or asks at content ports.</summary>
    public SslClientAuthenticationOptions ForClient() => new()
    {
        TargetHost = AnyMember,
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Own,
        RemoteCertificateValidationCallback = Validate,
    };

    /// <summary>For the content port.</summary>
    public void Apply(ListenOptions listener) => listener.UseHttps(https =>
    {
        https.ServerCertificateSelector = (_, _) => Own;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (shown, _, _) => IsMember(shown);
    });

    private bool Validate(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) => IsMember(shown as X509Certificate2);

    private static IOException Broken(string why) => new($"the files of Granary:Cluster:Tls cannot be used: {why}.");
}
