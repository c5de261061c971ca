namespace Granary.Grains.Certificates;

/// <summary>Where a certificate and its private key are.</summary>
/// <param name="Certificate">PEM, the leaf first, or PFX.</param>
/// <param name="Key">PEM; null where the key is in the file of the certificate.</param>
/// <param name="PasswordFile">Its first line is the password.</param>
/// <param name="PasswordVariable">An environment variable that has the password.</param>
public sealed record CertificateFiles(string Certificate, string? Key = null, string? PasswordFile = null, string? PasswordVariable = null)
{
    private const int Most = 1 << 20;

    /// <summary>What is in them now. Never throws for what is or is not there.</summary>
    public CertificateContents Load()
    {
        try
        {
            return new(ReadAll(Certificate), Key is null ? null : ReadAll(Key), PasswordFile is null ? Variable() : FirstLineOf(PasswordFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CertificateContents.Unreadable;
        }
    }

    public CertificateReading Read() => Load().Read();

    internal static byte[] ReadAll(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > Most) throw new IOException("The file is too large.");
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private string? Variable() => PasswordVariable is null ? null : Environment.GetEnvironmentVariable(PasswordVariable);

    private static string FirstLineOf(string path) => File.ReadLines(path).FirstOrDefault("");
}
