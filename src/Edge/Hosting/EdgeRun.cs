using Granary.Silo.Configuration;

namespace Granary.Edge.Hosting;

/// <summary>Runs an edge until it is told to stop.</summary>
internal static class EdgeRun
{
    private const int CannotStart = 1;

    /// <returns>The exit code: 0 after a stop, 1 when it could not start for a reason outside the configuration.</returns>
    public static async Task<int> Run(ConfigurationOutcome.Valid valid)
    {
        if (await Start(valid) is not { } app) return CannotStart;
        await using (app) await app.WaitForShutdownAsync();
        return 0;
    }

    // A port that is taken, a certificate that is missing: one sentence, not a trace. What had started ends with the process.
    private static async Task<WebApplication?> Start(ConfigurationOutcome.Valid valid)
    {
        try
        {
            var app = EdgeHost.Build(valid, TimeProvider.System);
            await app.StartAsync();
            return app;
        }
        catch (Exception broken) when (broken is IOException or InvalidOperationException or System.Security.Cryptography.CryptographicException)
        {
            await Console.Error.WriteLineAsync($"Granary does not start: {broken.Message.Split('\n')[0].TrimEnd()}");
            return null;
        }
    }
}
