using System.IO.Pipelines;
using System.Text;
using Granary.Edge.Listening;
using Granary.Semantics.Fields;

namespace Granary.Edge.Tests.Listening;

public sealed class GuardedOutputTests
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 200, resumeWriterThreshold: 100));
    private readonly GuardedOutput _output;

    public GuardedOutputTests()
    {
        _output = new GuardedOutput(_pipe.Writer);
        _output.BeginRequest();
        _output.EndRequestHead(isHttp10: false, asksUpgrade: false);
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_a_connection_that_is_over_when_a_hint_comes_then_nothing_is_written_and_nothing_fails()
    {
        var mine = _output.ForThisRequest();
        Assert.True(mine.CanSend);
        _output.End();
        await _pipe.Writer.CompleteAsync();
        await mine.SendAsync(103, FieldLines.Empty, default);
        await _output.SendAsync(103, FieldLines.Empty, default);
        Assert.True((await _pipe.Reader.ReadAsync()).Buffer.IsEmpty);
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_a_client_that_does_not_read_when_hints_come_then_they_are_dropped_and_the_final_response_waits_its_turn()
    {
        for (var i = 0; i < 100; i++) await _output.SendAsync(103, FieldLines.Of("Link: </style.css>; rel=preload"), default);
        Assert.False(_output.CanSend);
        var final = _output.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        Assert.False(final.IsCompleted);
        var read = await _pipe.Reader.ReadAsync();
        Assert.InRange(read.Buffer.Length, 200, 300);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        await final;
        Assert.Equal("HTTP/1.1 200 OK\r\n\r\n", await ReadText());
    }

    [Theory, InlineData(1), InlineData(5), InlineData(11), InlineData(40), Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "check")]
    public async Task Given_a_head_written_in_pieces_when_it_has_begun_then_no_hint_gets_into_it(int piece)
    {
        await WriteInPieces("HTTP/1.1 100 Continue\r\n\r\n", piece, hints: false);
        Assert.True(_output.CanSend);
        await WriteInPieces("HTTP/1.1 200 OK\r\n\r\n", piece, hints: true);
        Assert.False(_output.CanSend);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", await ReadText());
    }

    [Theory, InlineData(100), InlineData(101), InlineData(200), Trait("Kind", "check")]
    public async Task Given_a_status_that_is_no_interim_one_of_ours_when_sent_then_it_is_a_mistake(int status) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _output.SendAsync(status, FieldLines.Empty, default));

    private async Task WriteInPieces(string text, int piece, bool hints)
    {
        foreach (var part in Encoding.ASCII.GetBytes(text).Chunk(piece))
        {
            part.CopyTo(_output.GetSpan(part.Length));
            if (hints) await _output.SendAsync(103, FieldLines.Empty, default);
            _output.Advance(part.Length);
            if (hints) await _output.SendAsync(103, FieldLines.Empty, default);
        }

        await _output.FlushAsync();
    }

    private async Task<string> ReadText()
    {
        var read = await _pipe.Reader.ReadAsync();
        var text = Encoding.ASCII.GetString(read.Buffer);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
