using Granary.Edge.Hosting;
using Granary.Silo.Configuration;

namespace Granary.Edge.Tests.Users;

public sealed class UserMistakeTests : IDisposable
{
    private readonly KnownUsers _users = new();

    public void Dispose() => _users.Dispose();

    [Fact]
    public void Files_that_are_not_as_they_have_to_be_stop_the_start_all_at_once()
    {
        _users.Write("alice:verysecret\n");
        var message = Mistaken("--Granary:Users:File", _users.File, "--Granary:Users:Groups", _users.Writes("groups", "nobody"));
        Assert.Contains("Granary:Users:File", message, StringComparison.Ordinal);
        Assert.Contains("line 1: a hash of bcrypt", message, StringComparison.Ordinal);
        Assert.Contains("line 1: group: user user", message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Granary:Users:Required", "--Granary:Users:Required", "true")]
    [InlineData("Granary:Users:Required", "--Granary:Users:Required", "true", "--Granary:Users:File", "FILE", "--origin", "http://example.com")]
    [InlineData("Granary:Users:Certificates", "--Granary:Users:Certificates", "CommonName")]
    [InlineData("Granary:Users:Bearer:Audience", "--Granary:Users:Bearer:Authority", "https://login.example.com")]
    [InlineData("Granary:Users:Bearer:Authority", "--Granary:Users:Bearer:Authority", "http://login.example.com", "--Granary:Users:Bearer:Audience", "proxy")]
    [InlineData("Granary:Users:Bearer:Path", "--Granary:Users:Bearer:Authority", "https://login.example.com", "--Granary:Users:Bearer:Audience", "proxy", "--Granary:Users:Bearer:Path", "realms")]
    [InlineData("Granary:Users:Bearer:Keys", "--Granary:Users:Bearer:Keys", "FILE", "--Granary:Users:Bearer:Audience", "proxy", "--Granary:Users:Bearer:Issuer", "x")]
    public void What_does_not_go_together_is_told(string key, params string[] args) => Assert.Contains(key, Mistaken([.. args.Select(arg => arg == "FILE" ? _users.File : arg)]), StringComparison.Ordinal);

    private static string Mistaken(params string[] args) =>
        Assert.IsType<ConfigurationOutcome.Mistaken>(GranaryConfiguration.Read(args, new Dictionary<string, string?>(), EdgeHost.MistakesInRoutes)).Message;
}
