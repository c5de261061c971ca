namespace Granary.Deploy.Tests;

/// <summary>Where files of the repository are.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Chart { get; } = In("deploy", "helm", "granary");

    public static string In(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    /// <summary>What a file that is written from others has to be; it is written instead where GRANARY_WRITE is set.</summary>
    public static void Holds(string file, string content)
    {
        var differs = !File.Exists(file) || File.ReadAllText(file) != content;
        if (differs && Environment.GetEnvironmentVariable("GRANARY_WRITE") is not null) File.WriteAllText(file, content);
        Assert.True(File.Exists(file), $"{file} is not there; GRANARY_WRITE=1 dotnet test writes it");
        Assert.Equal(content, File.ReadAllText(file));
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Cluster.sln"))) directory = Path.GetDirectoryName(directory.TrimEnd(Path.DirectorySeparatorChar))!;
        return directory;
    }
}
