using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Grains.Resources;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Tests.Partial;

public sealed class CutsTests
{
    [Theory]
    [InlineData("0+10", 2, 5, "0@2+4")]
    [InlineData("0+10 10+10", 8, 12, "0@8+2 10@0+3")]
    [InlineData("0+10 5+10", 2, 14, "0@2+8 5@5+5")]
    [InlineData("0+10 0+3 2+2", 0, 9, "0@0+10")]
    [InlineData("4+4", 4, 7, "4@0+4")]
    [InlineData("4+4", 3, 7, null)]
    [InlineData("4+4", 4, 8, null)]
    [InlineData("0+4 5+4", 0, 8, null)]
    [InlineData("", 0, 0, null)]
    public void A_range_is_cut_out_of_the_pieces_that_hold_it_or_not_at_all(string pieces, long first, long last, string? cuts)
    {
        var held = pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(PieceOf).ToImmutableArray();
        var cut = Cuts.Of(new ByteRange(first, last), held);
        Assert.Equal(cuts, cut is null ? null : string.Join(' ', cut.Select(one => $"{one.Content.Id}@{one.Offset}+{one.Length}")));
    }

    private static Piece PieceOf(string text)
    {
        var numbers = text.Split('+');
        return new Piece(long.Parse(numbers[0]), new ContentAddress(long.Parse(numbers[0]), long.Parse(numbers[1])));
    }
}
