using System.Text;
using Granary.Edge.Users.Bearer;
using Granary.Edge.Users.Passwords;
using Granary.Silo.Configuration;

namespace Granary.Edge.Users;

/// <summary>What is wrong in the files that say who users are, before anything is started with them. What stands there is not repeated.</summary>
internal static class UserMistakes
{
    public static IEnumerable<ConfigurationMistake> In(IConfiguration configuration) =>
        from file in ((string Key, Func<string, string?> Why)[])[("Granary:Users:File", InUsers), ("Granary:Users:Groups", InGroups), ("Granary:Users:Bearer:Keys", InKeys)]
        let path = configuration[file.Key]
        where !string.IsNullOrWhiteSpace(path) && File.Exists(path.Trim())
        let why = Look(path.Trim(), file.Why)
        where why is not null
        select new ConfigurationMistake(file.Key, path, $"a file that has in {why}");

    private static string? Look(string path, Func<string, string?> whyNot)
    {
        try
        {
            return whyNot(Encoding.UTF8.GetString(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it what this process may read";
        }
    }

    private static string? InUsers(string content) => (PasswordFile.Parse(content) as PasswordFile.Broken)?.Allowed;

    private static string? InGroups(string content) => GroupFile.Parse(content).Allowed;

    private static string? InKeys(string content) => TokenKeys.OfSet(content) is null ? "it a JSON Web Key Set with public keys of RSA or elliptic curves" : null;
}
