using System.Globalization;
using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Tests;

/// <summary>A stored head is the same, character by character, whether or not it is kept in bytes and was read from them since.</summary>
public sealed class CondensedHeadTests
{
    // More than stay read beside their bytes.
    private const int Many = 5000;

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.String[Gen.Char['\u0001', '\u00ff'], 0, 200],
        AnyOf("bytes", "Mon, 05 Jan 2026 12:00:00 GMT", "mon, 05 jan 2026 12:00:00 GMT", "Tue, 05 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Wed, 31 Dec 1969 23:59:59 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT", "Tue, 19 Jan 2038 03:14:08 GMT", "Monday, 05-Jan-26 12:00:00 GMT", "max-age=60", ""));

    private static readonly Gen<FieldLine> Line = Gen.Select(Gen.OneOf(AnyOf("ETag", "etag", "Date", "X-A", "Set-Cookie", "Vary"), Gen.String[Gen.Char['a', 'z'], 1, 40]), Value, static (name, value) => new FieldLine(name, value));

    private static readonly Gen<ResponseHead> AnyHead = Gen.Select(
        Gen.Int[100, 999], Line.Array[0, 20], Gen.OneOf(Gen.Const((string?)null), Value.Select(static value => (string?)value)), static (status, lines, reason) => new ResponseHead(status, new FieldLines([.. lines]), reason));

    [Fact]
    public void Given_any_head_when_it_is_condensed_and_not_asked_for_for_long_then_it_reads_the_same() => AnyHead.Sample(
        static head =>
        {
            var stored = Stored(head);
            stored.Condense();
            Assert.NotNull(stored.HeadBytes);
            stored.ForgetHead();
            Assert.NotSame(head, stored.Head);
            Assert.Equal((head.Status, head.Reason), (stored.Head.Status, stored.Head.Reason));
            Assert.Equal(head.Fields.ToArray(), stored.Head.Fields.ToArray());
        },
        iter: 3000);

    [Fact]
    public void Given_characters_that_are_no_bytes_then_the_head_stays_as_it_is()
    {
        var head = new ResponseHead(200, FieldLines.Of("X: caf\u00e9", "Y: \u20ac"));
        var stored = Stored(head);
        stored.Condense();
        Assert.Null(stored.HeadBytes);
        Assert.Same(head, stored.Head);
    }

    [Fact]
    public void Given_a_head_that_is_asked_for_then_it_is_the_same_object_for_all()
    {
        var stored = Stored(Known(1));
        stored.Condense();
        stored.ForgetHead();
        Assert.Same(stored.Head, stored.Head);
        Assert.Same(stored.Head, stored.ReusableHead);
    }

    [Fact]
    public void Given_more_heads_than_stay_read_then_all_of_them_say_what_they_said()
    {
        var all = Enumerable.Range(0, Many).Select(static i => Stored(Known(i))).ToArray();
        foreach (var stored in all) stored.Condense();
        for (var i = 0; i < Many; i++) Assert.Equal(Known(i).Fields.ToArray(), all[i].Head.Fields.ToArray());
        Assert.InRange(all[^1].HeadBytes!.Value, 1, 100);
    }

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Wed, 31 Dec 1969 23:59:59 GMT")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("Sun, 07 Feb 2106 06:28:15 GMT")]
    public void The_date_of_a_stored_response_is_that_of_its_field_whenever_that_is(string date) =>
        Assert.Equal(DateTimeOffset.ParseExact(date, "R", CultureInfo.InvariantCulture), Stored(new ResponseHead(200, FieldLines.Of($"Date: {date}"))).Date);

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    public void The_method_is_kept_whichever_it_is(string method) =>
        Assert.Equal(method, new StoredResponse("http://example.org/", method, FieldLines.Empty, Known(1), Given.Now, TimeSpan.Zero, default) { AlsoNominated = [FieldLines.Of("A: 1")] }.Method);

    [Fact]
    public void The_targets_are_kept_whichever_they_are()
    {
        foreach (var targets in new[] { TargetList.Cdn, TargetList.None, new TargetList(["My-Cache-Control", FieldNames.CdnCacheControl]) })
            Assert.Equal(targets, new StoredResponse("http://example.org/", "GET", FieldLines.Empty, Known(1), Given.Now, TimeSpan.Zero, default, targets).Targets);
    }

    private static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static StoredResponse Stored(ResponseHead head) => new("http://example.org/", "GET", FieldLines.Empty, head, Given.Now, TimeSpan.Zero, default);

    private static ResponseHead Known(int i) => new(200, FieldLines.Of("Server: nginx/1.24.0", "Date: Mon, 05 Jan 2026 12:00:00 GMT", $"ETag: \"{i}\"", "Content-Type: text/plain"), "OK");
}
