namespace Granary.Cli;

/// <summary>Where the commands read and write, and what they know of who sits there.</summary>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>Somebody reads along, so what is shown may move.</summary>
    public bool IsOutLive { get; init; }

    public bool IsErrorLive { get; init; }

    public bool IsInLive { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; } = 100;

    public Func<string, string?> Variable { get; init; } = static _ => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static Terminal OfThisProcess() => new(Console.In, Console.Out, Console.Error)
    {
        IsOutLive = !Console.IsOutputRedirected,
        IsErrorLive = !Console.IsErrorRedirected,
        IsInLive = !Console.IsInputRedirected,
        Width = Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth, 40, 200),
        Variable = Environment.GetEnvironmentVariable,
    };
}
