using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Granary.Cli.Admin;
using Granary.Cli.Commands;

namespace Granary.Cli;

/// <summary>The command line of <c>granary</c>: thin commands over the admin port of an edge.</summary>
internal sealed class GranaryCommand
{
    private readonly Terminal _terminal;
    private readonly AdminOptions _options;
    private readonly RootCommand _root = new("Purge, explain, prefetch, watch and check a Granary, over the admin port of an edge.");

    public GranaryCommand(Terminal terminal)
    {
        (_terminal, _options) = (terminal, new AdminOptions(terminal));
        _options.AddTo(_root);
        foreach (var command in (Command[])[
            StatusCommand.Of(this), TopCommand.Of(this), PurgeCommand.Of(this), ExplainCommand.Of(this), PrefetchCommand.Of(this), PolicyCommand.Of(this), ConfigCommand.Of(this), CompletionCommand.Of(this)])
            _root.Subcommands.Add(command);
    }

    /// <returns>The exit code.</returns>
    public async Task<int> Run(string[] args, CancellationToken cancellation = default)
    {
        var asked = _root.Parse(args);
        if (asked.Action is ParseErrorAction) return Mistaken(asked);
        try
        {
            return await asked.InvokeAsync(new InvocationConfiguration { Output = _terminal.Out, Error = _terminal.Error, EnableDefaultExceptionHandler = false }, cancellation);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Has the command do that, with what it was given.</summary>
    public void Does(Command command, Func<Calling, Task<int>> what) =>
        command.SetAction((asked, cancellation) => what(new Calling(_terminal, _options, asked, cancellation)));

    private int Mistaken(ParseResult asked)
    {
        foreach (var error in asked.Errors) _terminal.Error.WriteLine($"granary: {error.Message}");
        _terminal.Error.WriteLine($"See granary{NameOf(asked.CommandResult)} --help.");
        return ExitCode.Mistaken;
    }

    private string NameOf(SymbolResult? at) => at switch
    {
        CommandResult command when command.Command == _root => "",
        CommandResult command => $"{NameOf(command.Parent)} {command.Command.Name}",
        _ => "",
    };
}
