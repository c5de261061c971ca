using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Granary.Edge.Users.Passwords;

/// <summary>Apache's group file, <c>group: user user</c> in a line; a group may go on in another line.</summary>
internal static class GroupFile
{
    /// <returns>The groups of each user; or what is to stand where.</returns>
    public static (FrozenDictionary<string, ImmutableArray<string>>? GroupsOf, string? Allowed) Parse(string content)
    {
        var groups = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in content.EnumerateLines())
        {
            number++;
            var line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].Trim();
            if (!UserName.IsOne(name) || !UserName.HasNoControls(line.Replace('\t', ' '))) return (null, $"line {number}: group: user user");
            foreach (var user in line[(colon + 1)..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)) Add(groups, user, name);
        }

        return (groups.ToFrozenDictionary(static one => one.Key, static one => one.Value.ToImmutableArray(), StringComparer.Ordinal), null);
    }

    private static void Add(Dictionary<string, SortedSet<string>> groups, string user, string group)
    {
        if (!groups.TryGetValue(user, out var of)) groups[user] = of = new SortedSet<string>(StringComparer.Ordinal);
        of.Add(group);
    }
}
