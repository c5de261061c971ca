using System.CommandLine;
using System.Text;
using System.Text.Json;
using Granary.Cli.Admin;

namespace Granary.Cli.Commands;

/// <summary><c>granary top</c>: what an edge does, again and again in the same place; once where nobody reads along.</summary>
internal static class TopCommand
{
    private const string Home = "\e[H", ToEndOfLine = "\e[K", ToEnd = "\e[J", HideCursor = "\e[?25l", ShowCursor = "\e[?25h", OtherScreen = "\e[?1049h", OwnScreen = "\e[?1049l";

    private static readonly Option<bool> Once = new("--once") { Description = "Once and no more; so it is in a pipe in any case, after a look to begin with" };

    private static readonly Option<int> Every = new("--every") { Description = "Seconds between two looks, 1 to 60", HelpName = "SECONDS", DefaultValueFactory = static _ => 2 };

    public static Command Of(GranaryCommand granary)
    {
        var command = new Command("top", "What an edge does of late: outcomes, latency, hottest URLs, silos; live in a terminal") { Once, Every };
        Every.Validators.Add(static given =>
        {
            if (given.Tokens.Count > 0 && !(int.TryParse(given.Tokens[0].Value, out var seconds) && seconds is >= 1 and <= 60)) given.AddError("--every is a whole number of seconds from 1 to 60.");
        });
        granary.Does(command, static calling => calling.Asked.GetValue(Once) || calling.AsJson || !calling.Terminal.IsOutLive
            ? calling.Tell(admin => admin.Get("status", calling.Cancellation), status => Show(calling.Out, calling.Terminal.Width, status)) : Live(calling));
        return command;
    }

    private static async Task<int> Live(Calling calling)
    {
        using var admin = calling.Open();
        if (admin is null) return ExitCode.Mistaken;
        var reply = await admin.Get("status", calling.Cancellation);
        if (reply is not AdminReply.Answered) return calling.Explain(reply);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(calling.Asked.GetValue(Every)), calling.Terminal.Clock);
        await calling.Out.WriteAsync(OtherScreen + HideCursor);
        try
        {
            do
            {
                await calling.Out.WriteAsync(Frame(calling, reply));
                await calling.Out.FlushAsync(calling.Cancellation);
                await timer.WaitForNextTickAsync(calling.Cancellation);
                reply = await admin.Get("status", calling.Cancellation);
            }
            while (true);
        }
        catch (OperationCanceledException) // Ctrl+C is how one leaves
        {
            return ExitCode.Done;
        }
        finally
        {
            await calling.Out.WriteAsync(ShowCursor + OwnScreen);
            await calling.Out.FlushAsync(CancellationToken.None);
        }
    }

    private static string Frame(Calling calling, AdminReply reply)
    {
        using var text = new StringWriter();
        if (reply is AdminReply.Answered(var status)) Show(text, calling.Terminal.Width, status);
        else text.WriteLine(reply is AdminReply.Unreachable(var why) ? why : (reply as AdminReply.No)?.Says);
        var frame = new StringBuilder(Home);
        foreach (var line in text.ToString().TrimEnd().Split('\n')) frame.Append(line.TrimEnd('\r')).Append(ToEndOfLine).Append("\r\n");
        return frame.Append(ToEnd).ToString();
    }

    private static int Show(TextWriter to, int width, JsonElement status)
    {
        StatusText.Head(to, status);
        StatusText.Traffic(to, status);
        to.WriteLine();
        StatusText.Outcomes(to, status, width);
        to.WriteLine();
        StatusText.Hottest(to, status, width, most: 10);
        to.WriteLine();
        StatusText.Silos(to, status, width);
        foreach (var trouble in StatusText.Troubles(status)) to.WriteLine($"! {Text.Shown.Safe(trouble)}");
        return ExitCode.Done;
    }
}
