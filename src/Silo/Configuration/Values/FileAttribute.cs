namespace Granary.Silo.Configuration.Values;

/// <summary>A file that is there.</summary>
public sealed class FileAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "FILE";

    public override string Allowed => "the path of a file that is there";

    public override object? Read(string text) => File.Exists(text) ? Path.GetFullPath(text) : null;
}
