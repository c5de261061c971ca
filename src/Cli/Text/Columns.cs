namespace Granary.Cli.Text;

/// <summary>Rows under headings, as wide as they need; the first column to the left and cut where the terminal ends, the others to the right.</summary>
internal sealed class Columns(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Shown.Safe)]);

    /// <param name="left">Columns that stand to the left.</param>
    public void Write(TextWriter to, int width, int left = 1)
    {
        if (_rows.Count == 0) return;
        int[] widths = [.. headings.Select((heading, i) => Math.Max(heading.Length, _rows.Max(row => row[i].Length)))];
        widths[0] = Math.Min(widths[0], Math.Max(12, width - widths.Skip(1).Sum(static one => one + 2)));
        foreach (var row in _rows.Prepend(headings))
            to.WriteLine(string.Join("  ", row.Select((cell, i) => i == 0 ? Shown.Cut(cell, widths[0]).PadRight(widths[0]) : i < left ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }
}
