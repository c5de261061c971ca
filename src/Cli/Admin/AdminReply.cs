using System.Text.Json;

namespace Granary.Cli.Admin;

/// <summary>What came of a call to the admin port.</summary>
internal abstract record AdminReply
{
    private AdminReply()
    {
    }

    public sealed record Answered(JsonElement Content) : AdminReply;

    /// <param name="Says">What to do instead, as the admin port has it.</param>
    public sealed record No(int Status, string Says) : AdminReply
    {
        public int ExitCode => Status switch
        {
            401 or 403 => Cli.ExitCode.Refused,
            429 or >= 500 => Cli.ExitCode.NotNow,
            _ => Cli.ExitCode.Mistaken,
        };
    }

    public sealed record Unreachable(string Why) : AdminReply;
}
