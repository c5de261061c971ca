namespace Granary.Cli.Tests;

/// <summary>One run of the command, as a script sees it.</summary>
internal sealed record Run(int Code, string Out, string Error)
{
    public static async Task<Run> Of(string[] args, string input = "", Dictionary<string, string?>? environment = null, Func<Terminal, Terminal>? terminal = null, CancellationToken cancellation = default)
    {
        using var said = new StringWriter();
        using var complained = new StringWriter();
        using var read = new StringReader(input);
        var plain = new Terminal(read, said, complained) { Variable = name => environment?.GetValueOrDefault(name) };
        var code = await new GranaryCommand(terminal?.Invoke(plain) ?? plain).Run(args, cancellation);
        return new Run(code, said.ToString(), complained.ToString());
    }
}
