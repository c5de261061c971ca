using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Leases;

/// <summary>
/// Names and values of fields that come with many responses, kept once: what arrives in messages is made anew each time, and texts are most of what a small leased copy costs. Bounded: texts that
/// fall together take each other's place, and then there are two of them.
/// </summary>
internal sealed class SharedTexts
{
    private const int Count = 1 << 12;
    private const int Longest = 128;

    private readonly string?[] _texts = new string?[Count];

    /// <summary>The same copy, its texts shared with others and with its key.</summary>
    public StoredCopy Of(StoredCopy copy, string uri) => copy with
    {
        Uri = uri,
        TargetUri = copy.TargetUri == uri ? uri : copy.TargetUri,
        Method = Of(copy.Method),
        Head = Of(copy.Head),
        Nominated = Of(copy.Nominated),
        AlsoNominated = copy.AlsoNominated.IsDefaultOrEmpty ? [] : [.. copy.AlsoNominated.Select(Of)],
        Targets = copy.Targets.IsDefaultOrEmpty ? [] : [.. copy.Targets.Select(Of)],
        EarlyHints = copy.EarlyHints.IsDefaultOrEmpty ? [] : [.. copy.EarlyHints.Select(Of)],
        Source = copy.Source with { Endpoint = Of(copy.Source.Endpoint) },
    };

    private ResponseHead Of(ResponseHead head) => head with { Fields = Of(head.Fields), Reason = head.Reason is { } reason ? Of(reason) : null };

    private FieldLines Of(FieldLines lines) => lines.Count == 0 ? FieldLines.Empty : new FieldLines(ImmutableArray.CreateRange(lines.Lines, line => new FieldLine(Of(line.Name), Of(line.Value))));

    private string Of(string text)
    {
        if (text.Length > Longest) return text;
        ref var place = ref _texts[(uint)text.GetHashCode(StringComparison.Ordinal) % Count];
        if (Volatile.Read(ref place) is { } known && known == text) return known;
        Volatile.Write(ref place, text);
        return text;
    }
}
