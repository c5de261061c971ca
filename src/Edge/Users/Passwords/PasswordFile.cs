using System.Collections.Frozen;

namespace Granary.Edge.Users.Passwords;

/// <summary>A file of htpasswd: <c>name:hash</c> in a line. Empty lines and those with <c>#</c> in front are none. One bad line spoils it: half of the users would be nobody.</summary>
internal abstract record PasswordFile
{
    private PasswordFile()
    {
    }

    public static PasswordFile Parse(string content)
    {
        var users = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in content.EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            if (Fault(line, users) is { } why) return new Broken($"line {number}: {why}");
        }

        return new Whole(users.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static string? Fault(ReadOnlySpan<char> line, Dictionary<string, PasswordHash> users)
    {
        var colon = line.IndexOf(':');
        if (colon < 0 || line[..colon].ToString() is var name && !UserName.IsOne(name)) return "name:hash, the name of 1 to 255 characters";
        var text = line[(colon + 1)..].ToString();
        if (text.StartsWith("{PLAIN}", StringComparison.OrdinalIgnoreCase)) return "a hash in place of a password in the clear: htpasswd -B writes one";
        if (PasswordHash.Parse(text) is not { } hash) return "a hash of bcrypt ($2a$, $2b$, $2y$; cost 4 to 17), SHA crypt ($5$, $6$; rounds 1000 to 1000000), $apr1$ or {SHA}: htpasswd -B writes one";
        return users.TryAdd(name, hash) ? null : "each name only once";
    }

    public sealed record Whole(FrozenDictionary<string, PasswordHash> Users) : PasswordFile;

    /// <param name="Allowed">What is to stand where, without a word of what stands there.</param>
    public sealed record Broken(string Allowed) : PasswordFile;
}
