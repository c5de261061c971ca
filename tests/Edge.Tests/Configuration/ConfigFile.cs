namespace Granary.Edge.Tests.Configuration;

/// <summary>A configuration file for the time of one test.</summary>
internal sealed class ConfigFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-test-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "granary.json");

    public static ConfigFile With(string json)
    {
        var file = new ConfigFile();
        file.Becomes(json);
        return file;
    }

    public void Becomes(string json) => File.WriteAllText(Path, json);

    public void Vanishes() => File.Delete(Path);

    public void Dispose() => _directory.Delete(recursive: true);
}
