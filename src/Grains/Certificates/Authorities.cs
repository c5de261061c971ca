using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Grains.Certificates;

/// <summary>The certificates of authorities in a file, read again when it has changed. A file that is broken then changes nothing.</summary>
public sealed class Authorities
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _looking = new();
    private volatile X509Certificate2Collection _current;
    private byte[] _content;
    private long _looked;

    private Authorities(string path, TimeProvider clock, byte[] content, X509Certificate2Collection found) =>
        (_path, _clock, _content, _current, _looked) = (path, clock, content, found, clock.GetTimestamp());

    /// <returns>Null if there is no certificate in it.</returns>
    public static Authorities? In(string path, TimeProvider clock) => Load(path) is { } content && Read(content) is { } found ? new(path, clock, content, found) : null;

    /// <summary>Whether there is one in that file.</summary>
    public static bool AreIn(string path) => Load(path) is { } content && Read(content) is not null;

    public X509Certificate2Collection Current()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _looked)) >= Period) LookAgain();
        return _current;
    }

    /// <summary>What a certificate must hold to, to come from one of them.</summary>
    /// <param name="usage">RFC 5280 §4.2.1.12: what it is shown for.</param>
    public X509ChainPolicy Policy(string usage, bool checkRevocation = false)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = checkRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            DisableCertificateDownloads = !checkRevocation, // else strangers choose what we fetch
        };
        policy.CustomTrustStore.AddRange(Current());
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private void LookAgain()
    {
        lock (_looking)
        {
            if (_clock.GetElapsedTime(_looked) < Period) return;
            Volatile.Write(ref _looked, _clock.GetTimestamp());
            if (Load(_path) is not { } content || content.AsSpan().SequenceEqual(_content) || Read(content) is not { } found) return;
            (_content, _current) = (content, found);
        }
    }

    private static byte[]? Load(string path)
    {
        try
        {
            return CertificateFiles.ReadAll(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static X509Certificate2Collection? Read(byte[] content)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(System.Text.Encoding.UTF8.GetString(content));
            return found.Count > 0 ? found : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>What certificates are shown for. RFC 5280 §4.2.1.12.</summary>
public static class CertificateUsage
{
    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";
}
