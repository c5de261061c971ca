using System.Collections.Immutable;
using Granary.Grains.Copies;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Store;

/// <summary>
/// Names and values of fields that come with many responses, kept once: what arrives in messages is made anew each time, and texts are most of what a small leased copy costs. Bounded: texts that
/// fall together take each other's place, and then there are two of them.
/// </summary>
internal sealed class SharedTexts
{
    private const int Count = 1 << 12;
    private const int Longest = 128;

    private readonly string?[] _texts = new string?[Count];
    private readonly FieldLines?[] _lines = new FieldLines?[Count / 4];

    /// <summary>The same copy, its texts shared with others and with its key.</summary>
    public StoredCopy Of(StoredCopy copy, string uri) => copy with
    {
        Uri = uri,
        TargetUri = copy.TargetUri == uri ? uri : copy.TargetUri,
        Method = Of(copy.Method),
        Head = Of(copy.Head),
        Nominated = OfFew(copy.Nominated),
        AlsoNominated = copy.AlsoNominated.IsDefaultOrEmpty ? [] : [.. copy.AlsoNominated.Select(OfFew)],
        Targets = copy.Targets.IsDefaultOrEmpty ? [] : [.. copy.Targets.Select(Of)],
        EarlyHints = copy.EarlyHints.IsDefaultOrEmpty ? [] : [.. copy.EarlyHints.Select(Of)],
        Source = copy.Source with { Endpoint = Of(copy.Source.Endpoint) },
    };

    /// <summary>The same request, its texts shared with others and with its key.</summary>
    public RequestHead Of(RequestHead request, string uri) => request with { TargetUri = request.TargetUri == uri ? uri : request.TargetUri, Method = Of(request.Method) };

    public ResponseHead Of(ResponseHead head) => head with { Fields = Of(head.Fields), Reason = head.Reason is { } reason ? Of(reason) : null };

    private FieldLines Of(FieldLines lines) => lines.Count == 0 ? FieldLines.Empty : new FieldLines(ImmutableArray.CreateRange(lines.Lines, line => new FieldLine(Of(line.Name), Of(line.Value))));

    // What selects a response is the same for many.
    private FieldLines OfFew(FieldLines lines)
    {
        if (lines.Count == 0) return FieldLines.Empty;
        ref var place = ref _lines[(uint)lines[0].Value.GetHashCode(StringComparison.Ordinal) % (Count / 4)];
        if (Volatile.Read(ref place) is { } known && known.Lines.SequenceEqual(lines.Lines)) return known;
        var shared = Of(lines);
        Volatile.Write(ref place, shared);
        return shared;
    }

    private string Of(string text)
    {
        if (text.Length > Longest) return text;
        ref var place = ref _texts[(uint)text.GetHashCode(StringComparison.Ordinal) % Count];
        if (Volatile.Read(ref place) is { } known && known == text) return known;
        Volatile.Write(ref place, text);
        return text;
    }
}
