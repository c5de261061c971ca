namespace Granary.Cli.Commands;

/// <summary>Values of the command line, where a dash stands for the lines of standard input.</summary>
internal static class Lines
{
    public static async Task<string[]> Of(string[] values, Calling calling)
    {
        var all = new List<string>();
        foreach (var value in values)
            if (value is "-") all.AddRange(Of(await calling.Terminal.In.ReadToEndAsync(calling.Cancellation)));
            else all.Add(value);
        return [.. all];
    }

    /// <summary>Without empty lines, and those that begin with <c>#</c>.</summary>
    public static IEnumerable<string> Of(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#');
}
