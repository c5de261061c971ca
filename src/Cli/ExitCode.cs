namespace Granary.Cli;

/// <summary>What scripts can tell the outcomes apart by. Part of the contract: docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It was asked, and the answer is no: not ready, not allowed, not all of it stored.</summary>
    public const int No = 1;

    /// <summary>The command line or a configuration is mistaken; as of an edge that does not start.</summary>
    public const int Mistaken = 2;

    /// <summary>Nobody answers at the admin port.</summary>
    public const int Unreachable = 3;

    /// <summary>The admin port does not let this call in: 401 or 403.</summary>
    public const int Refused = 4;

    /// <summary>The admin port answered, but could not do it now: 429 or 5xx. Again later may do.</summary>
    public const int NotNow = 5;

    public const int Interrupted = 130;
}
