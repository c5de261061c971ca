using System.Text;
using Granary.Edge.Tests.Tunnels;

namespace Granary.Edge.Tests.Users;

/// <summary>Files of users, and what clients say of themselves. Alice's password is "secret", with a hash that is quick to verify; Bob's is "hidden".</summary>
internal sealed class KnownUsers : IDisposable
{
    public const string Alice = "alice:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW", Bob = "bob:$apr1$abcdefgh$qpCTuOo6kuqbowETt7RoF/";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-users-");

    public KnownUsers() => Write($"{Alice}\n");

    public string File => Path.Combine(_directory.FullName, "users");

    public string[] Required => ["--Granary:Users:Required", "true", "--Granary:Users:File", File];

    public void Write(string content) => System.IO.File.WriteAllText(File, content);

    public string Writes(string name, string content)
    {
        var path = Path.Combine(_directory.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>The field of RFC 7617.</summary>
    public static string Says(string name, string password) => $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}";

    public Task<TunnelProxy> Tunnels(params string[] more) => TunnelProxy.Starts([.. Required, .. more]);

    public void Dispose() => _directory.Delete(recursive: true);
}
