using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Grains.Tests.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;

namespace Granary.Grains.Tests.Resources;

/// <summary>Answers that leave the process, through the serializer that writes them on the way.</summary>
public sealed class InlineContentTests : IDisposable
{
    private const string Here = "10.0.0.5:30001/0123456789abcdef0123456789abcdef";

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly ResponseStore _store = Given.Store();
    private readonly FakeTimeProvider _clock = new();

    private Serializer<Answer> Serializer => _services.GetRequiredService<Serializer<Answer>>();

    public void Dispose()
    {
        _store.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(5_000, true)]
    [InlineData(20_000, false)]
    [InlineData(32 << 10, true)]
    public void Content_up_to_the_limit_arrives_inside_the_answer(int length, bool declared)
    {
        var content = Keeps("a", length, declared);
        using var arrived = Travels(Stamp(Serve(content))).Inline!;
        Assert.True(arrived.IsHere);
        Assert.False(arrived.IsGone);
        Assert.Equal(length, arrived.Bytes.Length);
        for (var i = 0; i < length; i++) Assert.Equal(Given.ByteAt(content.Id, i), arrived.Bytes.Span[i]);
    }

    [Fact]
    public void What_travels_on_from_where_it_arrived_is_the_same()
    {
        var content = Keeps("a", 3000);
        using var once = Travels(Stamp(Serve(content))).Inline!;
        using var twice = Travels(Serve(content) with { Inline = once }).Inline!;
        Assert.Equal(once.Bytes.ToArray(), twice.Bytes.ToArray());
        Assert.Equal(Given.ByteAt(content.Id, 2999), twice.Bytes.Span[2999]);
    }

    [Fact]
    public void An_answer_without_content_inside_stays_without()
    {
        Assert.Null(Travels(Serve(Keeps("a", 10))).Inline);
    }

    [Fact, Trait("Promise", "P4")]
    public void Content_that_is_gone_when_the_answer_is_written_arrives_as_gone()
    {
        var stamped = Stamp(Serve(Keeps("a", 3000)));
        Assert.NotNull(stamped.Inline);
        _store.Remove("a");
        using var arrived = Travels(stamped).Inline!;
        Assert.True(arrived.IsGone);
        Assert.False(arrived.IsHere);
        Assert.Throws<InvalidOperationException>(() => arrived.Bytes);
        using var further = Travels(stamped with { Inline = arrived }).Inline!;
        Assert.True(further.IsGone);
    }

    [Fact]
    public void Nothing_keeps_hold_of_content_once_the_answer_is_written()
    {
        var stamped = Stamp(Serve(Keeps("a", 3000)));
        Travels(stamped).Inline!.Dispose();
        _store.Remove("a");
        Assert.Equal(0, _store.Statistics.Contents);
    }

    [Fact]
    public void Returned_memory_is_not_read_again()
    {
        var arrived = Travels(Stamp(Serve(Keeps("a", 3000)))).Inline!;
        arrived.Dispose();
        arrived.Dispose();
        Assert.False(arrived.IsHere);
        Assert.Throws<InvalidOperationException>(() => arrived.Bytes);
    }

    [Fact]
    public void Within_the_process_the_same_one_is_passed_on()
    {
        var stamped = Stamp(Serve(Keeps("a", 3000)));
        var copy = (Answer.Serve)_services.GetRequiredService<DeepCopier<Answer>>().Copy(stamped);
        Assert.Same(stamped.Inline, copy.Inline);
    }

    [Fact]
    public void What_is_larger_still_arriving_not_kept_or_not_wanted_stays_where_it_is()
    {
        Assert.Null(Stamp(Serve(Keeps("large", (32 << 10) + 1))).Inline);
        using var arriving = _store.CreateContent(100);
        arriving.Write(99);
        Assert.Null(Stamp(Serve(arriving.Content)).Inline);
        arriving.Write(1);
        Assert.NotNull(Stamp(Serve(arriving.Content)).Inline); // all there, though not said so yet
        using var windowed = _store.CreateWindowed(100);
        windowed.Write(100);
        Assert.Null(Stamp(Serve(windowed.Content)).Inline);
        Assert.False(windowed.ReadersGone.IsCancellationRequested);
        var small = Keeps("small", 100);
        Assert.Null(Stamp(Serve(small), Request("HEAD")).Inline);
        Assert.Null(Stamp(Serve(small), Request("GET", "If-None-Match: \"v1\"")).Inline);
        Assert.NotNull(Stamp(Serve(small), Request("GET", "If-None-Match: \"v0\"")).Inline);
    }

    [Fact]
    public void Answers_that_leave_say_where_their_content_lies_and_those_of_others_are_left_alone()
    {
        var content = Keeps("a", 100_000);
        Assert.Equal(new ContentAddress(content.Id, 100_000, Here), Stamp(Serve(content)).Content);
        var elsewhere = Serve(content) with { Content = new ContentAddress(content.Id, 100_000, "10.0.0.6:1/k") };
        Assert.Same(elsewhere, Outgoing(Here).Stamp(elsewhere, Request("GET")));
        var parts = new Answer.ServeParts(Head, [new Piece(0, content.Address()), new Piece(7, elsewhere.Content)], 100_007, null, new CacheStatus());
        var stamped = Assert.IsType<Answer.ServeParts>(Outgoing(Here).Stamp(parts, Request("GET")));
        Assert.Equal([Here, "10.0.0.6:1/k"], stamped.Pieces.Select(piece => piece.Content.Endpoint));
        Assert.Equal(stamped.Pieces.ToArray(), ((Answer.ServeParts)Serializer.Deserialize(Serializer.SerializeToArray(stamped))!).Pieces.ToArray());
    }

    [Fact]
    public void In_one_process_nothing_is_stamped()
    {
        var answer = Serve(Keeps("a", 100));
        Assert.Same(answer, Outgoing(null).Stamp(answer, Request("GET")));
    }

    [Fact]
    public void A_message_with_an_impossible_length_is_refused()
    {
        var bytes = Serializer.SerializeToArray(Stamp(Serve(Keeps("a", 200))));
        var refused = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x55;
            try
            {
                if (Serializer.Deserialize(damaged) is Answer.Serve { Inline: { IsHere: true } inline }) Assert.InRange(inline.Bytes.Length, 0, 16 << 20);
            }
            catch (Exception e) when (e is not (OutOfMemoryException or Xunit.Sdk.XunitException))
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, bytes.Length);
    }

    private static ResponseHead Head => new(200, FieldLines.Of("ETag: \"v1\""));

    private static RequestHead Request(string method, params string[] fields) => new(method, "http://example.org/", FieldLines.Of(fields));

    private static Answer.Serve Serve(Content content) => new(Head, content.Address(), TimeSpan.Zero, new CacheStatus { Hit = true });

    private OutgoingAnswers Outgoing(string? endpoint) => new(_store, () => endpoint, () => 32 << 10, _clock);

    private Answer.Serve Stamp(Answer.Serve answer, RequestHead? presented = null) => (Answer.Serve)Outgoing(Here).Stamp(answer, presented ?? Request("GET"));

    private Answer.Serve Travels(Answer.Serve answer) => (Answer.Serve)Serializer.Deserialize(Serializer.SerializeToArray(answer))!;

    private Content Keeps(string key, int bytes, bool declared = true)
    {
        var content = _store.Complete(bytes, declared);
        Assert.IsType<PutOutcome.Stored>(_store.Put(key, Given.Variant(content, key), static _ => false));
        return content;
    }
}
