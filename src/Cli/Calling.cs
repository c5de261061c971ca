using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Admin;

namespace Granary.Cli;

/// <summary>What a command has in hand when it runs: where it writes, and the admin port that its options name.</summary>
internal sealed class Calling(Terminal terminal, AdminOptions options, ParseResult asked, CancellationToken cancellation)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Terminal Terminal => terminal;

    public TextWriter Out => terminal.Out;

    public ParseResult Asked => asked;

    public CancellationToken Cancellation => cancellation;

    public bool AsJson => asked.GetValue(options.Json);

    public AdminPort? Open() => options.Open(asked);

    /// <summary>One call, whose answer is written as JSON or for people.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Tell(Func<AdminPort, Task<AdminReply>> call, Func<JsonElement, int> show, Func<JsonElement, int>? code = null)
    {
        using var admin = Open();
        if (admin is null) return ExitCode.Mistaken;
        return await call(admin) switch
        {
            AdminReply.Answered(var content) when AsJson => Write(content, code),
            AdminReply.Answered(var content) => show(content),
            var no => Explain(no),
        };
    }

    public int Explain(AdminReply reply)
    {
        var (exit, says) = reply switch
        {
            AdminReply.No no => (no.ExitCode, no.Status is 404 ? "This admin port does not know the call: a silo has only purge, explain and health, and older versions less." : no.Says),
            AdminReply.Unreachable unreachable => (ExitCode.Unreachable, unreachable.Why),
            _ => (ExitCode.Done, ""),
        };
        Complain(says);
        if (exit is ExitCode.Refused) terminal.Error.WriteLine("The token is taken from --token, --token-file, GRANARY_TOKEN_FILE or GRANARY_TOKEN.");
        return exit;
    }

    public void Complain(string says) => terminal.Error.WriteLine($"granary: {Granary.Cli.Text.Shown.Safe(says)}");

    public void WriteJson(JsonElement content) => Out.WriteLine(JsonSerializer.Serialize(content, Indented));

    private int Write(JsonElement content, Func<JsonElement, int>? code)
    {
        WriteJson(content);
        return code?.Invoke(content) ?? ExitCode.Done;
    }
}
