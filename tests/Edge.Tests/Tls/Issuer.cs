using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;

namespace Granary.Edge.Tests.Tls;

/// <summary>An authority that lives as long as a test, and files as an operator would have them from it. Valid by the real clock and by that of tests.</summary>
internal sealed class Issuer : IDisposable
{
    public static readonly DateTimeOffset Begins = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Ends = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-tls-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _issued;

    public Issuer(string name = "authority of a test")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(Begins, Ends);
    }

    public X509Certificate2 Root { get; }

    public string RootFile => Write($"{Root.SerialNumber}.ca.crt", Root.ExportCertificatePem());

    /// <param name="names">DNS names or addresses.</param>
    public Issued Issues(string subject, string[] names, string usage = CertificateUsage.Server, DateTimeOffset? ends = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(Root, _key, subject, names, usage, ends ?? Ends, key);
    }

    /// <summary>One for a server of these names.</summary>
    public Issued ForServer(params string[] names) => Issues($"CN={names[0]}", names);

    public Issued ForClient(string subject, DateTimeOffset? ends = null) => Issues(subject, [], CertificateUsage.Client, ends);

    /// <summary>By an authority in between, whose certificate is in the chain.</summary>
    public Issued ByIntermediate(params string[] names)
    {
        using var between = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=in between", between, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var intermediate = request.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Begins, Ends, BitConverter.GetBytes(++_issued));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = Issue(intermediate, between, $"CN={names[0]}", names, CertificateUsage.Server, Ends, key);
        return leaf with { Pem = leaf.Pem + "\n" + intermediate.ExportCertificatePem() };
    }

    public string Write(string name, string content)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A pair of files.</summary>
    public (string Certificate, string Key) Files(string name, Issued issued) => (Write($"{name}.crt", issued.Pem), Write($"{name}.key", issued.Key));

    /// <summary>The switches for a list of certificates, and a listener that shows them.</summary>
    public string[] Switches(params (Issued Issued, string? Hosts)[] certificates) =>
        ["--listen", "https://127.0.0.1:0", .. certificates.SelectMany((one, i) => Switches(i, one.Issued, one.Hosts))];

    public void Dispose()
    {
        _key.Dispose();
        Root.Dispose();
        _directory.Delete(recursive: true);
    }

    private IEnumerable<string> Switches(int i, Issued issued, string? hosts)
    {
        var (certificate, key) = Files($"{i}", issued);
        return ["--Granary:Tls:Certificates:" + i + ":Certificate", certificate, "--Granary:Tls:Certificates:" + i + ":Key", key, .. hosts is null ? [] : new[] { "--Granary:Tls:Certificates:" + i + ":Hosts", hosts }];
    }

    private Issued Issue(X509Certificate2 by, ECDsa with, string subject, string[] names, string usage, DateTimeOffset ends, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (IPAddress.TryParse(name, out var address)) alternative.AddIpAddress(address);
            else alternative.AddDnsName(name);
        if (names.Length > 0) request.CertificateExtensions.Add(alternative.Build());
        using var issued = request.Create(by.SubjectName, X509SignatureGenerator.CreateForECDsa(with), Begins, ends, BitConverter.GetBytes(++_issued));
        return new Issued(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), issued.Thumbprint);
    }
}

/// <param name="Pem">The certificate, and those between it and the authority.</param>
internal sealed record Issued(string Pem, string Key, string Thumbprint)
{
    /// <summary>With its key, fit for a handshake.</summary>
    public X509Certificate2 Load()
    {
        using var pem = X509Certificate2.CreateFromPem(Pem, Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
    }
}
