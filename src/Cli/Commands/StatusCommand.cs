using System.CommandLine;
using System.Text.Json;
using Granary.Cli.Text;

namespace Granary.Cli.Commands;

/// <summary><c>granary status</c>: is all well, for people and for scripts.</summary>
internal static class StatusCommand
{
    public static Command Of(GranaryCommand granary)
    {
        var command = new Command("status", "Whether the edge is ready, and how the silos and origins behind it are; ends with 1 if something is amiss");
        granary.Does(command, static calling => calling.Tell(
            admin => admin.Get("status", calling.Cancellation), status => Show(calling, status), static status => StatusText.Troubles(status).Any() ? ExitCode.No : ExitCode.Done));
        return command;
    }

    private static int Show(Calling calling, JsonElement status)
    {
        StatusText.Head(calling.Out, status);
        calling.Out.WriteLine();
        StatusText.Silos(calling.Out, status, calling.Terminal.Width);
        StatusText.Origins(calling.Out, status, calling.Terminal.Width);
        var troubles = StatusText.Troubles(status).ToArray();
        calling.Out.WriteLine();
        foreach (var trouble in troubles) calling.Out.WriteLine($"! {Shown.Safe(trouble)}");
        if (troubles.Length == 0) calling.Out.WriteLine("All is well.");
        return troubles.Length == 0 ? ExitCode.Done : ExitCode.No;
    }
}
