using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Granary.Cli.Admin;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary><c>granary purge</c>: returns when it holds everywhere, or says that it could not be made sure of.</summary>
internal static class PurgeCommand
{
    private const int MostInCall = 1000;

    private static readonly Option<bool> Soft = new("--soft") { Description = "What is stored is stale afterwards, and not gone", Recursive = true };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask" };

    public static Command Of(GranaryCommand granary)
    {
        var command = new Command("purge", "Invalidate what is stored, everywhere, and return when that holds") { Soft };
        command.Subcommands.Add(Several(granary, "url", "URLs as clients ask for them; - reads them from standard input, one in a line"));
        command.Subcommands.Add(Several(granary, "tag", "Surrogate keys, Cache-Tags or groups"));
        command.Subcommands.Add(One(granary, "prefix", "All URLs that begin so: scheme, host and the beginning of a path"));
        command.Subcommands.Add(One(granary, "host", "All URLs of a host, whatever scheme and port"));
        var all = new Command("all", "Everything that is stored") { Yes };
        granary.Does(all, static calling => IsSure(calling) ? Purge(calling, [("all", (object)true)]) : Task.FromResult(ExitCode.Mistaken));
        command.Subcommands.Add(all);
        return command;
    }

    private static Command Several(GranaryCommand granary, string kind, string description)
    {
        var values = new Argument<string[]>(kind) { Description = description, Arity = ArgumentArity.OneOrMore };
        var command = new Command(kind, description) { values };
        granary.Does(command, async calling =>
        {
            var all = kind is "url" ? await Lines.Of(calling.Asked.GetValue(values)!, calling) : calling.Asked.GetValue(values)!;
            if (all.Length > 0) return await Purge(calling, all.Chunk(MostInCall).Select(chunk => (kind + "s", (object)chunk)));
            calling.Complain("There is nothing to purge.");
            return ExitCode.Mistaken;
        });
        return command;
    }

    private static Command One(GranaryCommand granary, string kind, string description)
    {
        var value = new Argument<string>(kind) { Description = description };
        var command = new Command(kind, description) { value };
        granary.Does(command, calling => Purge(calling, [(kind, calling.Asked.GetValue(value)!)]));
        return command;
    }

    private static async Task<int> Purge(Calling calling, IEnumerable<(string Kind, object Value)> orders)
    {
        using var admin = calling.Open();
        if (admin is null) return ExitCode.Mistaken;
        foreach (var (kind, value) in orders)
        {
            var order = JsonSerializer.Serialize(new Dictionary<string, object> { [kind] = value, ["soft"] = calling.Asked.GetValue(Soft) });
            var reply = await admin.Post("purge", order, calling.Cancellation);
            if (reply is not AdminReply.Answered(var done)) return calling.Explain(reply);
            if (calling.AsJson) calling.WriteJson(done);
            else Show(calling, done);
        }

        return ExitCode.Done;
    }

    private static void Show(Calling calling, JsonElement done)
    {
        var stored = done.Number("purged") is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count} stored {(count == 1 ? "response" : "responses")}, ") : "";
        calling.Out.WriteLine($"Purged: {stored}holds everywhere after {Shown.Milliseconds(done.Number("milliseconds"))}.");
        if (done.Texts("fenced").ToArray() is { Length: > 0 } fenced) calling.Out.WriteLine(Shown.Safe($"Without {string.Join(", ", fenced)}, which answer nothing until they have heard of it."));
    }

    private static bool IsSure(Calling calling)
    {
        if (calling.Asked.GetValue(Yes)) return true;
        if (!calling.Terminal.IsInLive || !calling.Terminal.IsErrorLive)
        {
            calling.Complain("Everything is purged only with --yes where nobody can be asked.");
            return false;
        }

        calling.Terminal.Error.Write("Purge everything that is stored, for all hosts? [y/N] ");
        if (calling.Terminal.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES") return true;
        calling.Complain("Nothing was purged.");
        return false;
    }
}
