namespace Granary.Cli.Tests;

/// <summary>A folder for the time of a test.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-cli-");

    /// <returns>The path of a file with that content.</returns>
    public string Holds(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
