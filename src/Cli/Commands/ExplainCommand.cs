using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary><c>granary explain URL</c>: why was that answer what it was.</summary>
internal static class ExplainCommand
{
    public static Command Of(GranaryCommand granary)
    {
        var url = new Argument<string>("url") { Description = "As clients ask for it" };
        var command = new Command("explain", "What is stored of a URL, where and until when, what was decided last, and who holds copies; ends with 1 if nothing is known") { url };
        granary.Does(command, calling => calling.Tell(
            admin => admin.Get($"explain?url={Uri.EscapeDataString(calling.Asked.GetValue(url)!)}", calling.Cancellation), told => Show(calling.Out, told), static told => Code(told)));
        return command;
    }

    private static int Code(JsonElement told) => told.Flag("known") ? ExitCode.Done : ExitCode.No;

    private static int Show(TextWriter to, JsonElement told)
    {
        Line(to, "url", told.Text("url"));
        Line(to, "owner", $"{told.Text("owner")}{(told.Text("secondOwner") is { } second ? $", then {second}" : "")}");
        if (told.Number("fetchesUnderWay") is > 0 and var fetches) Line(to, "under way", $"{fetches} fetches");
        if (told.Flag("rememberedAsNotStorable")) Line(to, "remembered", "as not storable: requests are passed for a while");
        if (told.Texts("silent").ToArray() is { Length: > 0 } silent) Line(to, "silent", string.Join(", ", silent));
        if (told.Text("note") is { } note) Line(to, "note", note);
        foreach (var stored in told.Each("stored")) Stored(to, stored);
        foreach (var (i, decision) in told.Each("decisions").Index())
            Line(to, i == 0 ? "\nlast answers" : "", $"{decision.Text("cacheStatus")}  ({Shown.Span(decision.Number("ago") ?? 0)} ago, {decision.Text("at")})");
        foreach (var (i, lease) in told.Each("leases").Index()) Line(to, i == 0 ? "\nheld by" : "", $"{lease.Text("edge")}, {Shown.Span(lease.Number("endsIn") ?? 0)} more");
        return Code(told);
    }

    private static void Stored(TextWriter to, JsonElement stored)
    {
        Line(to, "\nstored", $"{stored.Number("status")} at {stored.Text("at")} ({stored.Text("as")})");
        Line(to, "freshness", $"{(stored.Flag("purged") ? "purged" : stored.Flag("fresh") ? "fresh" : "stale")}, age {Shown.Span(stored.Number("age") ?? 0)}, lifetime {Shown.Span(stored.Number("lifetime") ?? 0)} by {stored.Text("lifetimeBy")}");
        Line(to, "content", $"{(stored.Number("length") is { } length ? Shown.Size(length) : "of unknown length")}, {Shown.Size(stored.Number("here") ?? 0)} of it here{(stored.Text("contentType") is { } type ? $", {type}" : "")}");
        foreach (var (name, field) in new[] { ("etag", "etag"), ("modified", "lastModified"), ("cache-control", "cacheControl"), ("vary", "vary") })
            if (stored.Text(field) is { } value) Line(to, name, value);
        foreach (var (i, line) in stored.Texts("selectedBy").Index()) Line(to, i == 0 ? "selected by" : "", line);
        if (stored.Texts("tags").ToArray() is { Length: > 0 } tags) Line(to, "tags", string.Join(' ', tags));
    }

    private static void Line(TextWriter to, string name, string? value)
    {
        if (name.StartsWith('\n')) to.WriteLine();
        to.WriteLine($"{name.TrimStart('\n'),-14}{Shown.Safe(value)}");
    }
}
