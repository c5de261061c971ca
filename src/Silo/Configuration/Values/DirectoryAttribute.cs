namespace Granary.Silo.Configuration.Values;

/// <summary>A directory, to be made if it is not there.</summary>
public sealed class DirectoryAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "DIR";

    public override string Allowed => "the path of a directory, to be made if it is not there; not a file";

    public override object? Read(string text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) && !File.Exists(text) ? Path.GetFullPath(text) : null;
}
