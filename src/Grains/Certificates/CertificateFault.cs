namespace Granary.Grains.Certificates;

/// <summary>Why files give no certificate with its key.</summary>
public enum CertificateFault
{
    Unreadable,
    NoCertificate,
    NoKey,
    KeyDoesNotMatch,
    WrongPassword,
}

/// <summary>The same for the person who has to mend it.</summary>
public static class CertificateFaults
{
    public static string Remedy(this CertificateFault fault) => fault switch
    {
        CertificateFault.Unreadable => "files that this process may read, of at most 1 MiB",
        CertificateFault.NoCertificate => "a PEM or PFX file with a certificate; there is none in it",
        CertificateFault.NoKey => "a certificate with its private key, in the same file or in that of Key; there is none",
        CertificateFault.KeyDoesNotMatch => "a private key that belongs to the certificate, which is the first in its file; this one does not, or it is damaged",
        _ => "the password of the key or the PFX, in PasswordFile or PasswordVariable; it is missing or wrong, or the file is damaged",
    };
}
