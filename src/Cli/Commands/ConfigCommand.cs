using System.Collections;
using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Text;
using Granary.Edge.Hosting;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;

namespace Granary.Cli.Commands;

/// <summary><c>granary config check</c>: what an edge or a silo would say to this configuration at its start, all at once. No process is asked.</summary>
internal static class ConfigCommand
{
    private static readonly Argument<string> File = new("file") { Description = "The file that --config is to name" };

    private static readonly Option<string> Role = new("--role") { Description = "Whose start is to be tried", HelpName = "edge|silo", DefaultValueFactory = static _ => "edge" };

    private static readonly Option<bool> Environment = new("--environment") { Description = "With the environment variables of this shell, as Granary__…; without it they are left out" };

    private static readonly Argument<string[]> Switches = new("switches") { Description = "Further switches as for the process, behind --", Arity = ArgumentArity.ZeroOrMore };

    public static Command Of(GranaryCommand granary)
    {
        Role.AcceptOnlyFromAmong("edge", "silo");
        var check = new Command("check", "Check a configuration file with the very checks of a start; ends with 2 and all mistakes at once") { File, Switches, Role, Environment };
        granary.Does(check, static calling => Task.FromResult(Check(calling)));
        return new Command("config", "Configuration files") { check };
    }

    private static int Check(Calling calling)
    {
        string[] args = ["--config", calling.Asked.GetValue(File)!, .. calling.Asked.GetValue(Switches) ?? []];
        var environment = calling.Asked.GetValue(Environment) ? Variables() : [];
        var read = calling.Asked.GetValue(Role) is "silo"
            ? GranaryProcess.Read(args, environment, SiloHost.WhyNot)
            : GranaryProcess.Read(args, environment, others: EdgeHost.MistakesInRoutes);
        using var source = (read as ConfigurationOutcome.Valid)?.Source;
        var mistaken = read as ConfigurationOutcome.Mistaken;
        if (calling.AsJson) calling.WriteJson(Json(mistaken));
        else if (mistaken is null) calling.Out.WriteLine("It is valid.");
        else Show(calling.Terminal.Error, mistaken);
        return mistaken is null ? ExitCode.Done : ExitCode.Mistaken;
    }

    private static void Show(TextWriter to, ConfigurationOutcome.Mistaken mistaken)
    {
        foreach (var line in mistaken.Message.TrimEnd().Split('\n')) to.WriteLine(Shown.Safe(line));
    }

    private static JsonElement Json(ConfigurationOutcome.Mistaken? mistaken) => JsonSerializer.SerializeToElement(new
    {
        valid = mistaken is null,
        mistakes = (mistaken?.Mistakes ?? []).Select(static one => new { key = one.Key, value = one.Value, allowed = one.Allowed, writtenAs = one.WrittenAs, suggestion = one.Suggestion }),
    });

    private static Dictionary<string, string?> Variables() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static one => (string)one.Key, static one => one.Value as string);
}
