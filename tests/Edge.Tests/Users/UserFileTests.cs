using System.Collections.Frozen;
using System.Collections.Immutable;
using Granary.Edge.Users;
using Granary.Edge.Users.Passwords;

namespace Granary.Edge.Tests.Users;

public sealed class UserFileTests
{
    private const string Sha = "{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE="; // myPassword

    [Fact]
    public void A_line_is_a_user_and_empty_lines_and_comments_are_none()
    {
        var users = Assert.IsType<PasswordFile.Whole>(PasswordFile.Parse($"# people\r\nalice:{Sha}\r\n\r\n  \nZoë Ω:$apr1$12345678$uafoSIz4.zh5mmJkPhwqP0\n")).Users;
        Assert.Equal(["Zoë Ω", "alice"], users.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("alice", "line 1: name:hash")]
    [InlineData(":{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=", "line 1: name:hash")]
    [InlineData("# one\nali\u0007ce:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=", "line 2: name:hash")]
    [InlineData("alice:{PLAIN}secret", "in the clear")]
    [InlineData("alice:secret", "line 1: a hash of bcrypt")]
    [InlineData("alice:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=\nalice:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=", "line 2: each name only once")]
    public void One_bad_line_spoils_the_file_and_is_told_without_a_word_of_it(string content, string allowed)
    {
        var broken = Assert.IsType<PasswordFile.Broken>(PasswordFile.Parse(content));
        Assert.Contains(allowed, broken.Allowed, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", broken.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_has_the_groups_that_name_it()
    {
        var (groups, _) = GroupFile.Parse("# who\nstaff: alice bob\n\nadmins:alice\nstaff:\tcarol  \nempty:\n");
        Assert.Equal(["admins", "staff"], groups!["alice"].AsEnumerable());
        Assert.Equal(["staff"], groups["carol"].AsEnumerable());
        Assert.Contains("line 1", GroupFile.Parse("nobody").Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_right_password_of_a_known_name_is_somebody()
    {
        var table = Table();
        Assert.Equal("alice", table.Verify("alice", "myPassword")?.Name);
        Assert.Equal(["staff"], table.Verify("alice", "myPassword")!.Groups.AsEnumerable());
        foreach (var (name, password) in (ReadOnlySpan<(string, string)>)[("alice", "wrong"), ("alice", ""), ("Alice", "myPassword"), ("mallory", "myPassword"), ("alice", new string('x', 300))])
            Assert.Null(table.Verify(name, password));
        Assert.Null(UserTable.Empty.Verify("alice", "myPassword"));
    }

    internal static UserTable Table() => new(
        ((PasswordFile.Whole)PasswordFile.Parse($"alice:{Sha}\nbob:{Sha}")).Users, new Dictionary<string, ImmutableArray<string>> { ["alice"] = ["staff"] }.ToFrozenDictionary());
}
