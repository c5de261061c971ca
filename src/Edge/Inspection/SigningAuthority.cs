using System.Security.Cryptography.X509Certificates;
using Granary.Grains.Certificates;
using Granary.Silo.Configuration;
using Granary.Silo.Tls;

namespace Granary.Edge.Inspection;

/// <summary>The authority of the organisation, read again when its files have changed; what cannot sign then, or can be read by others, changes nothing.</summary>
internal sealed class SigningAuthority(Func<InspectionSettings> settings, TimeProvider clock, ILogger<SigningAuthority> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly Lock _looking = new();
    private Signing? _current;
    private CertificateFiles? _files;
    private CertificateContents? _taken;
    private CertificateContents? _broken;
    private bool _isTold;
    private long _looked;

    /// <summary>Null where there is none.</summary>
    public Signing? Current()
    {
        var now = settings();
        if (now.Files is not { } files) return null;
        lock (_looking)
            if (files != _files || clock.GetElapsedTime(_looked) >= Period) Look_NeedsLock(files, now.SharedKey);
        return _current;
    }

    private void Look_NeedsLock(CertificateFiles files, bool isShared)
    {
        (_files, _looked) = (files, clock.GetTimestamp());
        var contents = files.Load();
        if (contents.IsSame(_taken)) _broken = null;
        else if (WhyNot(files, contents, isShared, out var complete) is { } why) Keep_NeedsLock(files, contents, why);
        else
        {
            (_taken, _broken, _current) = (contents, null, new Signing(complete!));
            logger.AuthorityTaken(files.Certificate, complete!.Leaf.Subject, complete.Expires);
        }
    }

    // Two files are seldom replaced in one moment: only what is so at two looks is told, once.
    private void Keep_NeedsLock(CertificateFiles files, CertificateContents contents, string why)
    {
        if (!contents.IsSame(_broken)) (_broken, _isTold) = (contents, false);
        else if (!_isTold)
        {
            _isTold = true;
            logger.AuthorityKept(files.Certificate, why);
        }
    }

    private static string? WhyNot(CertificateFiles files, CertificateContents contents, bool isShared, out CertificateReading.Complete? complete)
    {
        var reading = contents.Read();
        complete = reading as CertificateReading.Complete;
        if (reading is CertificateReading.Refused(var why)) return why.Remedy();
        if (!SigningFiles.MaySign(complete!.Leaf)) return SigningFiles.NoAuthority;
        return !isShared && SigningFiles.MayOthersRead(files) ? SigningFiles.ReadByOthers : null;
    }
}

/// <summary>An authority as it is at one time.</summary>
internal sealed class Signing(CertificateReading.Complete files)
{
    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate => files.Leaf;

    /// <summary>What clients are sent beside a certificate of it: all up to the root, which they have.</summary>
    public X509Certificate2Collection Above { get; } = [.. files.Above.Prepend(files.Leaf).Where(static one => !one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData))];
}
