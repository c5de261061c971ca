using Granary.Grains.Certificates;

namespace Granary.Silo.Tls;

/// <summary>
/// One certificate of the list and its files. New files take the place of the old when they are whole; a certificate whose key is not there yet is most often half
/// of a change under way, so only what is broken at two looks is told, once.
/// </summary>
internal sealed class KeptCertificate(CertificateFiles files)
{
    private CertificateContents? _taken;
    private CertificateContents? _broken;
    private bool _isTold;

    public CertificateFiles Files => files;

    /// <summary>Null as long as the files have never been whole.</summary>
    public ServingCertificate? Serving { get; private set; }

    public CertificateNews Look()
    {
        var contents = files.Load();
        if (contents.IsSame(_taken))
        {
            _broken = null;
            return CertificateNews.None;
        }

        return contents.Read() switch
        {
            CertificateReading.Complete whole => Take(contents, whole),
            CertificateReading.Refused(var why) => Refuse(contents, why),
            _ => CertificateNews.None,
        };
    }

    // The old one may be in a handshake: it is left to the garbage collector.
    private CertificateNews.Taken Take(CertificateContents contents, CertificateReading.Complete whole)
    {
        (_taken, _broken, Serving) = (contents, null, new ServingCertificate(whole));
        return new CertificateNews.Taken(whole);
    }

    private CertificateNews Refuse(CertificateContents contents, CertificateFault why)
    {
        if (!contents.IsSame(_broken)) (_broken, _isTold) = (contents, false);
        else if (!_isTold)
        {
            _isTold = true;
            return new CertificateNews.Broken(why);
        }

        return CertificateNews.None;
    }
}

/// <summary>What a look at the files of a certificate has brought.</summary>
internal abstract record CertificateNews
{
    public static readonly CertificateNews None = new Nothing();

    private CertificateNews()
    {
    }

    public sealed record Taken(CertificateReading.Complete Certificate) : CertificateNews;

    public sealed record Broken(CertificateFault Why) : CertificateNews;

    private sealed record Nothing : CertificateNews;
}
