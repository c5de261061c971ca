using Granary.Silo.Configuration;

namespace Granary.Silo.Hosting;

/// <summary>From the command line to the exit code: the same for edges and silos.</summary>
public static class GranaryProcess
{
    /// <summary>It could not start, or had to end, for a reason outside the configuration. Supervisors start it again.</summary>
    internal const int Failed = 1;

    /// <param name="build">Puts the process together.</param>
    /// <param name="check">What this kind of process cannot start with; null if there is nothing.</param>
    /// <param name="others">Finds mistakes in the sections that are not ours.</param>
    /// <returns>The exit code: 0 after a stop, 1 after a failure, 2 for mistakes in the configuration.</returns>
    public static async Task<int> Run(
        string[] args, Func<ConfigurationOutcome.Valid, WebApplication> build, Func<GranarySettings, ConfigurationOutcome.Mistaken?>? check = null,
        Func<IConfiguration, IEnumerable<ConfigurationMistake>>? others = null)
    {
        switch (Read(args, null, check, others))
        {
            case ConfigurationOutcome.Valid valid:
                return await Run(() => build(valid));
            case ConfigurationOutcome.HelpAsked help:
                await Console.Out.WriteLineAsync(help.Text);
                return 0;
            case ConfigurationOutcome.Mistaken mistaken:
                await Console.Error.WriteLineAsync(mistaken.Message);
                return ConfigurationOutcome.Mistaken.ExitCode;
            default:
                throw new InvalidOperationException("The configuration is neither valid nor mistaken.");
        }
    }

    /// <summary>What a start reads and objects to, for those who only want to know.</summary>
    /// <param name="environment">The environment variables; those of the process if null.</param>
    public static ConfigurationOutcome Read(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string?>? environment, Func<GranarySettings, ConfigurationOutcome.Mistaken?>? check = null,
        Func<IConfiguration, IEnumerable<ConfigurationMistake>>? others = null)
    {
        var read = GranaryConfiguration.Read(args, environment, others);
        return read is ConfigurationOutcome.Valid { Settings: var settings } && (NotThereYet.In(settings) ?? check?.Invoke(settings)) is { } mistakes ? mistakes : read;
    }

    /// <summary>What ends a process that cannot go on: one sentence, not a trace.</summary>
    internal static void SayWhyNot(Exception broken) => Console.Error.WriteLine($"Granary does not start: {FirstLine(broken)}");

    internal static string FirstLine(Exception broken) => broken.Message.Split('\n')[0].TrimEnd();

    private static async Task<int> Run(Func<WebApplication> build)
    {
        if (await Start(build) is not { } app) return Failed;
        await using (app) await app.WaitForShutdownAsync();
        return Environment.ExitCode;
    }

    // A port that is taken, a certificate that is missing: one sentence, not a trace. What had started ends with the process.
    private static async Task<WebApplication?> Start(Func<WebApplication> build)
    {
        try
        {
            var app = build();
            await app.StartAsync();
            return app;
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            SayWhyNot(broken);
            return null;
        }
    }
}
