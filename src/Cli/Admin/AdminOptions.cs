using System.CommandLine;
using System.Globalization;

namespace Granary.Cli.Admin;

/// <summary>The options that all commands share, and the admin port that they lead to.</summary>
internal sealed class AdminOptions(Terminal terminal)
{
    private const string Default = "http://localhost:8081";

    public Option<Uri?> Admin { get; } = new("--admin")
    {
        Description = $"Admin port of an edge; else GRANARY_ADMIN, else {Default}",
        HelpName = "URL",
        Recursive = true,
        CustomParser = static result => Read(result.Tokens[0].Value) is { } url ? url : No<Uri?>(result, "--admin is a URL such as http://localhost:8081."),
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "Its token; better in GRANARY_TOKEN or a file, where others on this machine do not see it",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file") { Description = "A file with nothing but the token; else GRANARY_TOKEN_FILE", HelpName = "FILE", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "JSON for programs, as the admin port has it", Recursive = true };

    public Option<double> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait for an answer",
        HelpName = "SECONDS",
        Recursive = true,
        DefaultValueFactory = static _ => 30,
        CustomParser = static result => double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86400
            ? seconds : No<double>(result, "--timeout is a number of seconds above 0, a day at most."),
    };

    public void AddTo(Command root)
    {
        foreach (var option in (Option[])[Admin, Token, TokenFile, Json, Timeout]) root.Options.Add(option);
    }

    /// <returns>Null, and why is said, where the token cannot be read or the URL is none.</returns>
    public AdminPort? Open(ParseResult asked)
    {
        var given = asked.GetValue(Admin);
        if (given is null && terminal.Variable("GRANARY_ADMIN") is { Length: > 0 } variable && (given = Read(variable)) is null)
        {
            terminal.Error.WriteLine("GRANARY_ADMIN is no URL such as http://localhost:8081.");
            return null;
        }

        var url = given ?? new Uri(Default);
        if (!TryToken(asked, out var token)) return null;
        if (token is not null && url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback) terminal.Error.WriteLine($"The token goes to {url.Host} in the clear.");
        return new AdminPort(url, token, TimeSpan.FromSeconds(asked.GetValue(Timeout)));
    }

    private bool TryToken(ParseResult asked, out string? token)
    {
        token = asked.GetValue(Token);
        if (token is null && (asked.GetValue(TokenFile) ?? terminal.Variable("GRANARY_TOKEN_FILE")) is { Length: > 0 } file)
        {
            try
            {
                token = File.ReadAllText(file);
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
            {
                terminal.Error.WriteLine($"The token cannot be read: {unread.Message}");
                return false;
            }
        }

        token = (token ?? terminal.Variable("GRANARY_TOKEN"))?.Trim();
        if (token is "") token = null;
        if (token is null || !token.AsSpan().ContainsAnyExceptInRange('!', '~')) return true;
        terminal.Error.WriteLine("What is given as token is none: it has spaces or signs that no token has.");
        return false;
    }

    private static Uri? Read(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? url : null;

    private static T No<T>(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError(why);
        return default!;
    }
}
