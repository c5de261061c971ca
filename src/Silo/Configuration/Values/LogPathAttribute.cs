namespace Granary.Silo.Configuration.Values;

/// <summary>A file to be written, in a directory that is there; or the standard output.</summary>
public sealed class LogPathAttribute(string summary) : SettingAttribute(summary)
{
    public const string StandardOutput = "stdout";

    public override string Argument => "FILE";

    public override string Allowed => "the path of a file, to be made if it is not there, in a directory that is; or stdout";

    public override object? Read(string text)
    {
        if (text.Equals(StandardOutput, StringComparison.OrdinalIgnoreCase)) return StandardOutput;
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal)) return null;
        var path = Path.GetFullPath(text);
        return !Directory.Exists(path) && Directory.Exists(Path.GetDirectoryName(path)) ? path : null;
    }
}
