using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Admin;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary><c>granary prefetch</c>: fills the cache with URLs that are given, listed in a file, or named by a sitemap; a bar tells how far it is where somebody looks.</summary>
internal static class PrefetchCommand
{
    private static readonly Argument<string[]> Urls = new("urls") { Description = "URLs; - reads them from standard input, one in a line", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<string[]> List = new("--list") { Description = "A file with one URL in a line", HelpName = "FILE" };

    private static readonly Option<string[]> Sitemaps = new("--sitemap") { Description = "A sitemap, or an index of sitemaps", HelpName = "FILE|URL" };

    private static readonly Option<int> Batch = new("--batch") { Description = "URLs in one call, 1 to 1,000", HelpName = "COUNT", DefaultValueFactory = static _ => 32 };

    public static Command Of(GranaryCommand granary)
    {
        Batch.Validators.Add(static given =>
        {
            if (given.Tokens.Count > 0 && !(int.TryParse(given.Tokens[0].Value, out var count) && count is >= 1 and <= 1000)) given.AddError("--batch is a whole number from 1 to 1,000.");
        });
        var command = new Command("prefetch", "Have URLs fetched and stored before anybody asks for them; ends with 1 if one of them failed") { Urls, List, Sitemaps, Batch };
        granary.Does(command, Run);
        return command;
    }

    private static async Task<int> Run(Calling calling)
    {
        if (await Wanted(calling) is not { } urls) return ExitCode.Mistaken;
        using var admin = calling.Open();
        if (admin is null) return ExitCode.Mistaken;
        var (done, bar) = (new List<JsonElement>(), new ProgressBar(calling.Terminal, urls.Length));
        foreach (var batch in urls.Chunk(calling.Asked.GetValue(Batch)))
        {
            var reply = await admin.Post("prefetch", JsonSerializer.Serialize(new { urls = batch }), calling.Cancellation);
            if (reply is not AdminReply.Answered(var answer))
            {
                bar.End();
                return calling.Explain(reply);
            }

            var results = answer.Each("results").ToArray();
            done.AddRange(results);
            bar.Advance(batch.Length, results.Count(static one => one.Text("outcome") is "failed"));
            if (!calling.AsJson)
                foreach (var one in results.Where(static one => one.Text("outcome") is not "stored")) bar.Above(calling.Out, Shown.Safe($"{one.Text("outcome")} {one.Number("status")} {one.Text("reason")}  {one.Text("url")}"));
        }

        bar.End();
        return Sum(calling, done);
    }

    private static int Sum(Calling calling, List<JsonElement> done)
    {
        int Of(string outcome) => done.Count(one => one.Text("outcome") == outcome);
        var (stored, not, failed) = (Of("stored"), Of("not-storable"), Of("failed"));
        if (calling.AsJson) calling.WriteJson(JsonSerializer.SerializeToElement(new { stored, notStorable = not, failed, results = done }));
        else calling.Out.WriteLine($"{stored} stored, {not} not storable, {failed} failed.");
        return failed == 0 ? ExitCode.Done : ExitCode.No;
    }

    private static async Task<string[]?> Wanted(Calling calling)
    {
        try
        {
            var urls = new List<string>(await Lines.Of(calling.Asked.GetValue(Urls) ?? [], calling));
            foreach (var list in calling.Asked.GetValue(List) ?? []) urls.AddRange(Lines.Of(await File.ReadAllTextAsync(list, calling.Cancellation)));
            foreach (var sitemap in calling.Asked.GetValue(Sitemaps) ?? []) urls.AddRange(await Sitemap.Read(sitemap, calling.Cancellation));
            if (urls.Count > 0) return [.. urls.Distinct(StringComparer.Ordinal)];
            calling.Complain("There is nothing to prefetch: give URLs, --list or --sitemap.");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or HttpRequestException or System.Xml.XmlException or InvalidDataException)
        {
            calling.Complain(unread.Message);
        }

        return null;
    }
}
