using CsCheck;
using Granary.Grains.Store;

namespace Granary.Grains.Tests.Store;

public sealed class SegmentArenaTests
{
    private const long Budget = 4 << 20;

    [Fact]
    public void Given_random_rents_shrinks_and_returns_then_no_byte_is_handed_out_twice_and_the_budget_holds() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Int[1, 2_000], Gen.Int[1, 262_144]), Gen.Int[0, 1 << 20]).Array[1, 400]
            .Sample(steps =>
            {
                var arena = new SegmentArena(Budget);
                var model = new ArenaModel(arena);
                foreach (var (what, bytes, which) in steps) model.Step(what, bytes, which);
                model.ReturnAll();
                Assert.Equal(0, arena.InUse);
                Assert.True(arena.TryRent(arena.SlabBytes, out _));
            }, iter: 300);

    [Theory]
    [InlineData(1, 256)]
    [InlineData(256, 256)]
    [InlineData(1_100, 1_280)]
    [InlineData(65_537, 65_792)]
    public void Given_any_size_then_the_block_is_contiguous_and_wastes_less_than_a_unit(int bytes, int length)
    {
        var arena = new SegmentArena(Budget);
        Assert.True(arena.TryRent(bytes, out var block));
        Assert.Equal(length, block.Memory.Length);
        Assert.Equal(length, arena.InUse);
    }

    [Fact]
    public void Given_a_block_returned_twice_then_the_second_return_is_refused()
    {
        var arena = new SegmentArena(Budget);
        Assert.True(arena.TryRent(1_100, out var block));
        arena.Return(block);
        Assert.Throws<InvalidOperationException>(() => arena.Return(block));
    }

    [Fact]
    public void Given_all_returned_then_slabs_are_kept_and_used_again()
    {
        var arena = new SegmentArena(Budget);
        var first = RentUntilFull(arena, 64 << 10);
        var allocated = arena.Allocated;
        first.ForEach(arena.Return);
        Assert.Equal(allocated, arena.Allocated);
        Assert.Equal(first.Count, RentUntilFull(arena, 64 << 10).Count);
        Assert.Equal(allocated, arena.Allocated);
    }

    [Fact]
    public void Given_metadata_needs_room_then_free_slabs_go_and_used_ones_stay()
    {
        var arena = new SegmentArena(Budget);
        var blocks = RentUntilFull(arena, arena.SlabBytes);
        Assert.False(arena.TryReserve(Budget - arena.Allocated + 1));
        arena.Return(blocks[0]);
        Assert.True(arena.TryReserve(Budget - arena.Allocated + 1));
        Assert.Equal((blocks.Count - 1) * (long)arena.SlabBytes, arena.Allocated);
        Assert.False(arena.TryRent(256, out _));
    }

    [Fact]
    public void Given_a_fragmented_arena_then_the_largest_free_piece_is_better_than_nothing()
    {
        var arena = new SegmentArena(Budget);
        var blocks = RentUntilFull(arena, 4_096);
        for (var i = 0; i < blocks.Count; i += 2) arena.Return(blocks[i]);
        Assert.False(arena.TryRent(64 << 10, out _));
        Assert.True(arena.TryRent(64 << 10, 1_024, out var piece));
        Assert.Equal(4_096, piece.Length);
    }

    private static List<Block> RentUntilFull(SegmentArena arena, int bytes)
    {
        List<Block> blocks = [];
        while (arena.TryRent(bytes, out var block)) blocks.Add(block);
        return blocks;
    }

    // Every block is filled with its own mark; a foreign mark is a byte handed out twice.
    private sealed class ArenaModel(SegmentArena arena)
    {
        private readonly List<(Block Block, byte Mark)> _blocks = [];
        private long _reserved;
        private byte _mark;

        public void Step(int what, int bytes, int which)
        {
            if (what == 0 && _blocks.Count > 0) Return(which % _blocks.Count);
            else if (what == 1 && _blocks.Count > 0) Shrink(which % _blocks.Count, bytes);
            else if (what == 2 && which % 8 == 0) Reserve(bytes);
            else Rent(bytes);
            Assert.Equal(_blocks.Sum(held => (long)held.Block.Length), arena.InUse);
            Assert.True(arena.Allocated + _reserved <= Budget);
        }

        public void ReturnAll()
        {
            while (_blocks.Count > 0) Return(0);
            arena.Unreserve(_reserved);
        }

        private void Rent(int bytes)
        {
            if (!arena.TryRent(bytes, out var block)) return;
            Assert.InRange(block.Length, bytes, bytes + 255);
            block.Memory.Span.Fill(++_mark);
            _blocks.Add((block, _mark));
        }

        private void Return(int which)
        {
            var (block, mark) = _blocks[which];
            Assert.Equal(-1, block.Memory.Span.IndexOfAnyExcept(mark));
            arena.Return(block);
            _blocks.RemoveAt(which);
        }

        private void Shrink(int which, int bytes)
        {
            var (block, mark) = _blocks[which];
            var kept = Math.Max(1, bytes % block.Length);
            _blocks[which] = (arena.Shrink(block, kept), mark);
            Assert.InRange(_blocks[which].Block.Length, kept, kept + 255);
        }

        private void Reserve(int bytes)
        {
            if (arena.TryReserve(bytes)) _reserved += bytes;
        }
    }
}
