namespace Granary.Cli.Text;

/// <summary>How far something is, in one line of a terminal; nothing where nobody looks.</summary>
internal sealed class ProgressBar
{
    private const int Cells = 30;

    private const string Clear = "\r\e[K";

    private readonly Terminal _terminal;
    private readonly int _all;
    private int _done;
    private int _failed;

    public ProgressBar(Terminal terminal, int all)
    {
        (_terminal, _all) = (terminal, all);
        Draw();
    }

    public void Advance(int done, int failed)
    {
        (_done, _failed) = (_done + done, _failed + failed);
        Draw();
    }

    /// <summary>A line that stays.</summary>
    public void Above(TextWriter to, string line)
    {
        End();
        to.WriteLine(line);
        Draw();
    }

    public void End()
    {
        if (_terminal.IsErrorLive) _terminal.Error.Write(Clear);
    }

    private void Draw()
    {
        if (!_terminal.IsErrorLive || _all == 0) return;
        var full = (int)((long)_done * Cells / _all);
        _terminal.Error.Write($"{Clear}[{new string('#', full)}{new string('-', Cells - full)}] {_done}/{_all}{(_failed > 0 ? $", {_failed} failed" : "")}");
    }
}
