using System.Collections.Immutable;
using Granary.Grains.Resources;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Delivery;

/// <summary>Bytes of one piece's content.</summary>
internal readonly record struct Cut(ContentAddress Content, long Offset, long Length);

/// <summary>Cuts ranges of a representation out of the pieces that hold it.</summary>
internal static class Cuts
{
    /// <summary>The cuts that make up the range, in order; null if the pieces do not hold all of it.</summary>
    public static List<Cut>? Of(ByteRange range, ImmutableArray<Piece> pieces)
    {
        var cuts = new List<Cut>(1);
        for (var next = range.First; next <= range.Last;)
        {
            if (Reaching(next, pieces) is not { } piece) return null;
            var end = Math.Min(range.Last + 1, EndOf(piece));
            cuts.Add(new Cut(piece.Content, next - piece.First, end - next));
            next = end;
        }

        return cuts;
    }

    // Of several that hold this byte the one that reaches furthest.
    private static Piece? Reaching(long position, ImmutableArray<Piece> pieces)
    {
        Piece? best = null;
        foreach (var piece in pieces)
        {
            if (piece.First > position || EndOf(piece) <= position) continue;
            if (best is not { } other || EndOf(piece) > EndOf(other)) best = piece;
        }

        return best;
    }

    private static long EndOf(Piece piece) => piece.First + (piece.Content.Length ?? 0);
}
