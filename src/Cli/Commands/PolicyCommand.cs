using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary><c>granary policy</c>: the access policy of the forward proxy, and what it would make of a request.</summary>
internal static class PolicyCommand
{
    public static Command Of(GranaryCommand granary) => new("policy", "The access policy of the forward proxy") { Show(granary), Test(granary) };

    private static Command Show(GranaryCommand granary)
    {
        var command = new Command("show", "The rules in force, and what their lists have");
        granary.Does(command, static calling => calling.Tell(admin => admin.Get("policy", calling.Cancellation), policy => Show(calling, policy)));
        return command;
    }

    private static int Show(Calling calling, JsonElement policy)
    {
        var rules = new Columns("RULE", "ACTION", "CRITERIA");
        foreach (var rule in policy.Each("rules")) rules.Add(rule.Text("rule") ?? "-", rule.Text("action") ?? "-", string.Join(", ", rule.Texts("criteria")));
        rules.Add("(else)", policy.Text("default") ?? "-", "");
        rules.Write(calling.Out, calling.Terminal.Width, left: 3);
        var lists = new Columns("LIST", "SOURCE", "DOMAINS", "AGE", "FAILURE");
        foreach (var list in policy.Each("lists"))
            lists.Add(list.Text("list") ?? "-", list.Text("source") ?? "-", list.Number("domains") is { } count ? Shown.Number(count) : "-", list.Number("ageSeconds") is { } age ? Shown.Span(age) : "-", list.Text("failure") ?? "");
        if (policy.Each("lists").Any()) calling.Out.WriteLine();
        lists.Write(calling.Out, calling.Terminal.Width, left: 2);
        return ExitCode.Done;
    }

    private static Command Test(GranaryCommand granary)
    {
        var url = new Argument<string>("url") { Description = "A URL; host:port for --way connect or socks" };
        var texts = new[]
        {
            Text("--from", "Address of the client", "ADDRESS"), Text("--user", "Its user", "NAME"), Text("--method", "GET if not given", "METHOD"), Text("--way", "http, connect or socks", "WAY"),
            Text("--at", "When, as 2026-01-05T12:00:00Z; now if not given", "TIME"),
        };
        var (groups, addresses) = (Texts("--group", "A group of the user; may be given several times", "NAME"), Texts("--address", "An address that the host resolves to; may be given several times", "ADDRESS"));
        var command = new Command("test", "What would become of a request, by which rule and why; ends with 1 unless it would be allowed") { url, groups, addresses };
        foreach (var text in texts) command.Options.Add(text);
        granary.Does(command, calling =>
        {
            var question = new Dictionary<string, object> { ["url"] = calling.Asked.GetValue(url)! };
            foreach (var text in texts)
                if (calling.Asked.GetValue(text) is { } value) question[text.Name.TrimStart('-')] = value;
            if (calling.Asked.GetValue(groups) is { Length: > 0 } all) question["groups"] = all;
            if (calling.Asked.GetValue(addresses) is { Length: > 0 } known) question["addresses"] = known;
            return calling.Tell(admin => admin.Post("policy/test", JsonSerializer.Serialize(question), calling.Cancellation), verdict => Tell(calling.Out, verdict), static verdict => Code(verdict));
        });
        return command;
    }

    // A tunnel that is inspected, or left closed as an exception from that, is allowed.
    private static int Code(JsonElement verdict) => verdict.Text("verdict") is "allow" or "inspect" or "splice" ? ExitCode.Done : ExitCode.No;

    private static int Tell(TextWriter to, JsonElement verdict)
    {
        var criterion = verdict.Text("criterion") is { } reason ? $", since {reason} cannot tell" : "";
        var leads = verdict.Text("to") is { } place ? $" to {place}" : "";
        to.WriteLine(Shown.Safe($"{verdict.Text("verdict")}{leads}, by {verdict.Text("rule")}{criterion}"));
        if (verdict.Texts("addresses").ToArray() is { Length: > 0 } addresses) to.WriteLine(Shown.Safe($"  resolves to {string.Join(", ", addresses)}"));
        foreach (var passed in verdict.Each("passedOver")) to.WriteLine(Shown.Safe($"  not {passed.Text("rule")}: {passed.Text("criterion")} does not match"));
        return Code(verdict);
    }

    private static Option<string?> Text(string name, string description, string shown) => new(name) { Description = description, HelpName = shown };

    private static Option<string[]> Texts(string name, string description, string shown) => new(name) { Description = description, HelpName = shown };
}
