using System.Collections.Immutable;
using System.Globalization;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Fuzz;

/// <summary>Every reader of what strangers send.</summary>
public static class Surfaces
{
    public static readonly IReadOnlyList<Surface> All = [.. FieldSurfaces.All, .. MessageSurfaces.All, .. CachingSurfaces.All, .. FramingSurfaces.All];

    internal static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Lines of one field, trimmed as a server has read them: \n is where a line ends.</summary>
    internal static FieldLines Lines(string name, string input) => new([.. input.Split('\n').Select(value => new FieldLine(name, value.Trim(' ', '\t')))]);

    /// <summary>Lines of fields as a server has read them: <c>name: value</c>, names are tokens.</summary>
    internal static FieldLines Section(string input)
    {
        var lines = ImmutableArray.CreateBuilder<FieldLine>();
        foreach (var line in input.Split('\n'))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) lines.Add(new FieldLine(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        return new FieldLines(lines.ToImmutable());
    }

    /// <summary>A request and the response to it: the first line is method, status and seconds, then fields; those after an empty line are the response's.</summary>
    internal static (RequestHead Request, ResponseHead Response, TimeSpan Time) Exchange(string input)
    {
        var halves = input.Split("\n\n", 2);
        var first = halves[0].Split('\n')[0].Split(' ');
        var status = first.Length > 1 && int.TryParse(first[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 200;
        var time = first.Length > 2 && long.TryParse(first[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks) ? new TimeSpan(ticks) : TimeSpan.Zero;
        var request = new RequestHead(first[0], "http://example.org/a?b=1", Section(halves[0]));
        return (request, new ResponseHead(status, Section(halves.Length > 1 ? halves[1] : "")), time);
    }

    /// <summary>What kind of input it was, from a few answers.</summary>
    internal static int Kind(params ReadOnlySpan<object?> answers)
    {
        var kind = new HashCode();
        foreach (var answer in answers) kind.Add(answer?.GetHashCode() ?? 0);
        return kind.ToHashCode();
    }
}
