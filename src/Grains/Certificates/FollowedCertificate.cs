using System.Security.Cryptography.X509Certificates;

namespace Granary.Grains.Certificates;

/// <summary>A certificate of ours, read again when its files have changed; what is broken then changes nothing.</summary>
public sealed class FollowedCertificate
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _clock;
    private readonly Lock _looking = new();
    private volatile X509Certificate2? _current;
    private CertificateContents? _taken;
    private long _looked;

    public FollowedCertificate(CertificateFiles files, TimeProvider clock)
    {
        (_files, _clock, _looked) = (files, clock, clock.GetTimestamp());
        Look();
    }

    /// <summary>Null as long as the files have never been whole.</summary>
    public X509Certificate2? Current()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _looked)) >= Period)
            lock (_looking)
                if (_clock.GetElapsedTime(_looked) >= Period) Look();
        return _current;
    }

    private void Look()
    {
        Volatile.Write(ref _looked, _clock.GetTimestamp());
        var contents = _files.Load();
        if (contents.IsSame(_taken) || contents.Read() is not CertificateReading.Complete whole) return;
        (_taken, _current) = (contents, whole.Leaf);
    }
}
