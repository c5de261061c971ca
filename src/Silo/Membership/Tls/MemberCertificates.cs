using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
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

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly TlsSettings _files;
    private readonly TimeProvider _clock;
    private readonly Lock _reading = new();
    private volatile Pair _current;
    private DateTime _written;
    private long _looked;

    private MemberCertificates(TlsSettings files, TimeProvider clock)
    {
        (_files, _clock, _looked, _written) = (files, clock, clock.GetTimestamp(), LastWritten(files));
        _current = Read(files);
    }

    private X509Certificate2 Own => Now().Own;

    /// <returns>Null if no TLS is asked for.</returns>
    /// <exception cref="IOException">The files are not what they should be.</exception>
    public static MemberCertificates? Of(TlsSettings files, TimeProvider clock)
    {
        if (files.Certificate is null) return null;
        try
        {
            return new MemberCertificates(files, clock);
        }
        catch (CryptographicException broken)
        {
            throw new IOException($"the files of Granary:Cluster:Tls cannot be used: {GranaryProcess.FirstLine(broken)}", broken);
        }
    }

    /// <summary>Whether a member shows it.</summary>
    public bool IsMember(X509Certificate2? shown)
    {
        if (shown is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Now().Authority);
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

    private Pair Now()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _looked)) < Period) return _current;
        lock (_reading)
        {
            Volatile.Write(ref _looked, _clock.GetTimestamp());
            ReadAgain();
        }

        return _current;
    }

    private void ReadAgain()
    {
        try
        {
            var written = LastWritten(_files);
            if (written == _written) return;
            _current = Read(_files); // what is in use may still be in a handshake: not disposed
            _written = written;
        }
        catch (Exception broken) when (broken is IOException or CryptographicException or UnauthorizedAccessException)
        {
            // Half written, most often; it is looked at again.
        }
    }

    private static Pair Read(TlsSettings files)
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(files.Authority!);
        if (authority.Count == 0) throw new CryptographicException("Granary:Cluster:Tls:Authority has no certificate in it.");
        var own = files.Certificate!.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || files.Certificate.EndsWith(".p12", StringComparison.OrdinalIgnoreCase)
            ? X509CertificateLoader.LoadPkcs12FromFile(files.Certificate, null)
            : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return own.HasPrivateKey ? new Pair(own, authority) : throw new CryptographicException("Granary:Cluster:Tls:Certificate has no private key.");
    }

    private static DateTime LastWritten(TlsSettings files) =>
        new[] { files.Certificate, files.Key, files.Authority }.OfType<string>().Max(File.GetLastWriteTimeUtc);

    private sealed record Pair(X509Certificate2 Own, X509Certificate2Collection Authority);
}
