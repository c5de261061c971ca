namespace Granary.Silo.Configuration.Values;

/// <summary>A directory that is there.</summary>
public sealed class FolderAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "DIR";

    public override string Allowed => "the path of a directory that is there";

    public override object? Read(string text) => Directory.Exists(text) ? Path.GetFullPath(text) : null;
}
