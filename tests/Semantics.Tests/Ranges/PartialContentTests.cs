using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;
using Granary.Semantics.Validation;

namespace Granary.Tests;

public sealed class PartialContentTests
{
    [Theory, Trait("Spec", "RFC 9110 §14.1.2"), Trait("Kind", "required")]
    [InlineData("bytes=0-1", "bytes=0-1")]
    [InlineData("BYTES= 5- ", "bytes=5-")]
    [InlineData("bytes=-7", "bytes=-7")]
    [InlineData("bytes=99999999999999999999999-", "bytes=9223372036854775807-")]
    [InlineData("bytes=0-1,3-4", null)]
    [InlineData("bytes=-", null)]
    [InlineData("bytes=2-1", null)]
    [InlineData("bytes=1--2", null)]
    [InlineData("bytes=a-", null)]
    [InlineData("items=0-1", null)]
    [InlineData("bytes=0-1|Range: bytes=0-1", null)]
    [InlineData("", null)]
    public void Given_exactly_one_valid_range_then_it_is_read(string range, string? read) =>
        Assert.Equal(read, RangeSpec.OnlyOf(Given.Lines($"Range: {range}"))?.ToString());

    [Theory]
    [InlineData("bytes=5-5", "bytes=0-9")]
    [InlineData("bytes=10-19", "bytes=10-19")]
    [InlineData("bytes=19-20", "bytes=10-29")]
    [InlineData("bytes=15-", "bytes=10-")]
    [InlineData("bytes=-15", "bytes=-15")]
    [InlineData("bytes=15-99999999999999999999999", "bytes=10-")]
    public void Given_blocks_then_a_range_is_enlarged_to_them(string range, string enlarged) =>
        Assert.Equal(enlarged, Spec(range).InBlocks(10).ToString());

    [Theory]
    [InlineData("bytes=5-9", "bytes=5-9", true)]
    [InlineData("bytes=5-", "bytes=7-8", true)]
    [InlineData("bytes=5-", "bytes=7-", true)]
    [InlineData("bytes=5-9", "bytes=5-", false)]
    [InlineData("bytes=5-9", "bytes=4-9", false)]
    [InlineData("bytes=5-9", "bytes=5-10", false)]
    [InlineData("bytes=-5", "bytes=-4", true)]
    [InlineData("bytes=-5", "bytes=-6", false)]
    [InlineData("bytes=0-", "bytes=-6", false)]
    public void Given_two_ranges_then_one_contains_the_other_or_not(string range, string other, bool contains) =>
        Assert.Equal(contains, Spec(range).Contains(Spec(other)));

    [Theory, Trait("Spec", "RFC 9110 §15.3.7"), Trait("Kind", "required"), Trait("Fault", "40")]
    [InlineData("bytes=2-5", "bytes 2-5/10", 4L, null)]
    [InlineData("bytes=2-5", "bytes 2-4/10", 3L, null)]
    [InlineData("bytes=2-5", "bytes 2-5/10", null, null)]
    [InlineData("bytes=2-", "bytes 2-9/10", 8L, null)]
    [InlineData("bytes=-3", "bytes 7-9/10", 3L, null)]
    [InlineData("bytes=-30", "bytes 0-9/10", 10L, null)]
    [InlineData("bytes=2-5", "bytes 2-6/10", 5L, NotAPart.NotAsked)]
    [InlineData("bytes=2-5", "bytes 1-5/10", 5L, NotAPart.NotAsked)]
    [InlineData("bytes=2-5", "bytes 3-5/10", 3L, NotAPart.NotAsked)]
    [InlineData("bytes=-3", "bytes 6-9/10", 4L, NotAPart.NotAsked)]
    [InlineData("bytes=-3", "bytes 7-8/10", 2L, NotAPart.NotAsked)]
    [InlineData("bytes=2-5", "bytes 2-5/10", 5L, NotAPart.LengthDiffers)]
    [InlineData("bytes=2-5", "bytes 2-5/*", 4L, NotAPart.UnknownCompleteLength)]
    [InlineData("bytes=2-5", "bytes 2-5/5", 4L, NotAPart.NoContentRange)]
    [InlineData("bytes=2-5", "bytes */10", 4L, NotAPart.NoContentRange)]
    [InlineData("bytes=2-5", "bytes 5-2/10", 4L, NotAPart.NoContentRange)]
    [InlineData("bytes=2-5", "bytes 2-5/10|Content-Range: bytes 2-4/10", 4L, NotAPart.NoContentRange)]
    public void Given_a_206_then_it_is_the_part_it_was_asked_for_or_none(string asked, string contentRange, long? length, NotAPart? why) =>
        Assert.Equal(why, PartialContent.WhyNot(new ResponseHead(206, Given.Lines($"Content-Range: {contentRange}")), length, Spec(asked), out _));

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "required")]
    public void Given_a_part_then_it_is_stored_under_the_head_of_the_whole()
    {
        var head = Given.Response(206, "Content-Range: bytes 2-5/10", "Content-Length: 4", "ETag: \"a\"");
        Assert.Null(PartialContent.WhyNot(head, 4, Spec("bytes=2-5"), out var part));
        Assert.Equal((new ByteRange(2, 5), 10), (part.Range, part.CompleteLength));
        var complete = part.AsComplete(head);
        Assert.Equal((200, "ETag: \"a\"\nContent-Length: 10"), (complete.Status, string.Join('\n', complete.Fields.Select(line => $"{line.Name}: {line.Value}"))));
    }

    [Theory, Trait("Spec", "RFC 9110 §15.3.7.3"), Trait("Kind", "required")]
    [InlineData("ETag: \"a\"", "ETag: \"a\"", true)]
    [InlineData("ETag: \"a\"", "ETag: \"b\"", false)]
    [InlineData("ETag: W/\"a\"", "ETag: W/\"a\"", false)]
    [InlineData("ETag: \"a\"", "ETag: W/\"a\"", false)]
    [InlineData("ETag: a", "ETag: a", false)]
    [InlineData("ETag: \"a\"|ETag: \"b\"", "ETag: \"a\"|ETag: \"b\"", false)]
    [InlineData("ETag: \"a\"", "X: y", false)]
    [InlineData("X: y", "X: y", false)]
    [InlineData("ETag: \"a\"|Content-Encoding: gzip", "ETag: \"a\"|Content-Encoding: gzip", true)]
    [InlineData("ETag: \"a\"|Content-Encoding: gzip", "ETag: \"a\"", true)]
    [InlineData("ETag: \"a\"", "ETag: \"a\"|Content-Encoding: gzip", false)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:01:00 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:09:00 GMT", true)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:01:00 GMT", "Last-Modified: Fri, 01 May 2026 00:00:01 GMT|Date: Fri, 01 May 2026 00:09:00 GMT", false)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:00:59 GMT", "Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:00:59 GMT", false)]
    [InlineData("Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:01:00 GMT", "ETag: \"a\"|Last-Modified: Fri, 01 May 2026 00:00:00 GMT|Date: Fri, 01 May 2026 00:09:00 GMT", false)]
    public void Given_two_heads_then_they_share_a_strong_validator_or_not(string stored, string newer, bool shared) =>
        Assert.Equal(shared, StrongValidator.AreShared(StoredUnder(stored), StoredUnder(newer)));

    [Fact, Trait("Spec", "RFC 9111 §3.4"), Trait("Kind", "check")]
    public void Given_any_parts_then_what_is_missing_is_exactly_what_no_part_holds() =>
        Gen.Select(Parts, Gen.Select(Gen.Long[0, 99], Gen.Long[0, 99])).Sample((held, ends) =>
        {
            var wanted = new ByteRange(Math.Min(ends.Item1, ends.Item2), Math.Max(ends.Item1, ends.Item2));
            var missing = Coverage.Missing(held, wanted);
            for (var i = 0L; i < 100; i++)
                if (missing.Count(gap => Has(gap, i)) != (Has(wanted, i) && !held.Any(part => Has(part, i)) ? 1 : 0)) return false;
            return true;
        });

    [Fact, Trait("Kind", "check")]
    public void Given_any_parts_then_what_is_asked_for_closes_every_gap_and_asks_for_nothing_twice() =>
        Gen.Select(Parts, Parts, Gen.Long[1, 20]).Sample((held, wanted, block) =>
        {
            var asked = Coverage.MissingInBlocks(held, wanted, block, 100);
            for (var i = 0L; i < 120; i++)
            {
                var times = asked.Count(gap => Has(gap, i));
                var isHeld = held.Any(part => Has(part, i));
                if (times > 1 || i >= 100 && times > 0) return false;
                if (times == 0 && !isHeld && wanted.Any(part => Has(part, i))) return false;
            }

            return asked.All(gap => wanted.Any(range => range.First < gap.Last + block && gap.First < range.Last + block));
        });

    private static readonly Gen<List<ByteRange>> Parts = Gen.Select(Gen.Long[0, 99], Gen.Long[0, 30])
        .Select((first, more) => new ByteRange(first, Math.Min(99, first + more))).List[0, 8]
        .Select(parts => parts.OrderBy(part => part.First).ToList());

    private static bool Has(ByteRange range, long position) => range.First <= position && position <= range.Last;

    private static StoredResponse StoredUnder(string lines) => Given.Stored(Given.Get(), new ResponseHead(200, Given.Lines(lines)));

    private static RangeSpec Spec(string range) => RangeSpec.OnlyOf(FieldLines.Of($"Range: {range}"))!.Value;
}
