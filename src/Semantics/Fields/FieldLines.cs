using System.Collections;
using System.Collections.Immutable;

namespace Granary.Semantics.Fields;

/// <summary>
/// The field lines of one message in the order received. Immutable. Names are compared without regard to case,
/// lines with the same name keep their order (RFC 9110 §5.2, §5.3).
/// </summary>
public sealed class FieldLines : IReadOnlyList<FieldLine>
{
    public static readonly FieldLines Empty = new([]);

    private readonly ImmutableArray<FieldLine> _lines;

    public FieldLines(ImmutableArray<FieldLine> lines) => _lines = lines;

    public int Count => _lines.Length;

    public FieldLine this[int index] => _lines[index];

    public ImmutableArray<FieldLine> Lines => _lines;

    /// <summary>Reads lines written as <c>Name: value</c>; meant for literals in code and tests.</summary>
    /// <exception cref="FormatException">A line has no colon.</exception>
    public static FieldLines Of(params ReadOnlySpan<string> lines)
    {
        var read = ImmutableArray.CreateBuilder<FieldLine>(lines.Length);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new FormatException($"'{line}' is not a field line; write 'Name: value'.");
            read.Add(new FieldLine(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return new FieldLines(read.MoveToImmutable());
    }

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The value of the first line with that name, or null.</summary>
    public string? First(string name) => IndexOf(name) is >= 0 and var i ? _lines[i].Value : null;

    /// <summary>The only value of a field that must not repeat; null if absent or if lines repeat with different values.</summary>
    public string? Single(string name)
    {
        string? found = null;
        foreach (var line in _lines)
        {
            if (!line.Is(name)) continue;
            if (found is not null && !string.Equals(found, line.Value, StringComparison.Ordinal)) return null;
            found = line.Value;
        }

        return found;
    }

    /// <summary>All lines with that name joined by ", " (RFC 9110 §5.3); null if there is none.</summary>
    public string? Combined(string name)
    {
        string? combined = null;
        foreach (var line in _lines)
            if (line.Is(name)) combined = combined is null ? line.Value : $"{combined}, {line.Value}";
        return combined;
    }

    public FieldLines Add(string name, string value) => new(_lines.Add(new FieldLine(name, value)));

    public FieldLines Without(string name) => Has(name) ? Lacking(name) : this;

    /// <summary>Replaces every line of that name by one line at the end.</summary>
    public FieldLines With(string name, string value) => Without(name).Add(name, value);

    /// <summary>This, if all lines are kept.</summary>
    public FieldLines Where(Func<FieldLine, bool> keep)
    {
        var same = 0;
        while (same < _lines.Length && keep(_lines[same])) same++;
        if (same == _lines.Length) return this;
        var kept = ImmutableArray.CreateBuilder<FieldLine>(_lines.Length - 1);
        kept.AddRange(_lines, same);
        for (var i = same + 1; i < _lines.Length; i++)
            if (keep(_lines[i])) kept.Add(_lines[i]);
        return new FieldLines(kept.DrainToImmutable());
    }

    public ImmutableArray<FieldLine>.Enumerator GetEnumerator() => _lines.GetEnumerator();

    IEnumerator<FieldLine> IEnumerable<FieldLine>.GetEnumerator() => ((IEnumerable<FieldLine>)_lines).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_lines).GetEnumerator();

    public override string ToString() => string.Join("\n", _lines);

    private FieldLines Lacking(string name) => Where(line => !line.Is(name)); // apart, so that nothing is made where there is no such line

    private int IndexOf(string name)
    {
        for (var i = 0; i < _lines.Length; i++)
            if (_lines[i].Is(name)) return i;
        return -1;
    }
}
