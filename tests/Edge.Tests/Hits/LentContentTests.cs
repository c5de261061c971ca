using System.IO.Pipelines;
using Granary.Edge.Delivery;
using Granary.Edge.Listening.Loops;
using Granary.Grains.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Tests.Hits;

/// <summary>What is lent to a connection, and what is not: <see cref="LentContent"/> alone. That a connection holds what it was given until it is sent is in <see cref="Listening.Loops.LendingTests"/>.</summary>
[Trait("Promise", "P4")]
public sealed class LentContentTests : IDisposable
{
    private const int Length = 3 << 20; // more than is lent at once

    private readonly ResponseStore _store = new(new ResponseStoreOptions { MemoryBytes = 64 << 20 }, TimeProvider.System);
    private readonly Connection _connection = new();
    private readonly DefaultHttpContext _context = new();

    public LentContentTests()
    {
        _context.Features.Set<IHttpRequestFeature>(_connection);
        _context.Features.Set<IHttpResponseBodyFeature>(_connection);
        _context.Features.Set<ILending>(_connection);
        _context.Response.ContentLength = Length;
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task It_is_lent_where_it_lies_and_the_connection_alone_gives_it_back()
    {
        var (writer, reader) = Stored();
        using var _ = writer;
        var lending = LentContent.LendingTo(_context, reader)!;
        await LentContent.Send(reader, Length, _context, lending).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Enumerable.Range(0, Length).Select(ByteAt), _connection.Lent.SelectMany(static bytes => bytes.ToArray()));
        Assert.InRange(_connection.Flushes, 3, int.MaxValue);
        Assert.Same(reader, Assert.Single(_connection.Held));
        Assert.True(reader.TryRead(out var rest)); // it is not disposed of: what is lent may still be under way
        Assert.True(rest.IsEmpty);
        reader.Dispose();
    }

    [Fact]
    public async Task A_client_that_goes_leaves_the_rest_where_it_is()
    {
        var (writer, reader) = Stored();
        using var _ = writer;
        _connection.IsGone = true;
        await LentContent.Send(reader, Length, _context, _connection).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(_connection.Lent.Sum(static bytes => bytes.Length), 1, Length - 1);
        Assert.Same(reader, Assert.Single(_connection.Held));
        reader.Dispose();
    }

    [Fact]
    public async Task Who_gets_other_memory_than_he_lent_copies()
    {
        var (writer, reader) = Stored();
        using var _ = writer;
        _connection.GivesOtherMemory = true;
        await LentContent.Send(reader, Length, _context, _connection).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _connection.TakenBack);
        Assert.Equal(Enumerable.Range(0, Length).Select(ByteAt), _connection.Copied);
        Assert.Same(reader, Assert.Single(_connection.Held));
        reader.Dispose();
    }

    /// <summary>Of a chunk the server writes the size in front, into the memory that it is given.</summary>
    [Fact]
    public void An_answer_in_chunks_is_not_lent_to() => IsNotLent(() => _context.Response.ContentLength = null);

    [Theory, InlineData("HTTP/1.0"), InlineData("HTTP/2"), InlineData("HTTP/3")]
    public void Other_versions_are_not_lent_to(string version) => IsNotLent(() => _connection.Protocol = version);

    [Fact]
    public void Where_somebody_stands_between_nothing_is_lent() => IsNotLent(() => _context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null)));

    [Fact]
    public void What_is_still_arriving_is_not_lent()
    {
        using var writer = _store.CreateContent(Length);
        Fill(writer, Length / 2);
        using var reader = writer.Content.TryOpenReader()!;
        Assert.Null(LentContent.LendingTo(_context, reader));
    }

    [Fact]
    public void What_is_not_kept_is_not_lent()
    {
        using var writer = _store.CreateWindowed(1000);
        using var reader = writer.Content.TryOpenReader()!;
        Fill(writer, 1000);
        writer.Complete();
        Assert.Null(LentContent.LendingTo(_context, reader));
    }

    private void IsNotLent(Action change)
    {
        var (writer, reader) = Stored();
        using (writer)
        using (reader)
        {
            Assert.NotNull(LentContent.LendingTo(_context, reader));
            change();
            Assert.Null(LentContent.LendingTo(_context, reader));
        }
    }

    private (ContentWriter Writer, ContentReader Reader) Stored()
    {
        var writer = _store.CreateContent(Length);
        Fill(writer, Length);
        writer.Complete();
        return (writer, writer.Content.TryOpenReader()!);
    }

    private static void Fill(ContentWriter writer, int length)
    {
        for (var done = 0; done < length;)
        {
            var memory = writer.GetMemory().Span;
            var count = Math.Min(memory.Length, length - done);
            for (var i = 0; i < count; i++) memory[i] = ByteAt(done + i);
            writer.Advance(count);
            done += count;
        }
    }

    private static byte ByteAt(int i) => (byte)(i * 31 >> 3);

    /// <summary>A connection that takes what it is lent, and notes it.</summary>
    private sealed class Connection : HttpRequestFeature, IHttpResponseBodyFeature, ILending
    {
        private readonly Output _output;

        public Connection()
        {
            Protocol = "HTTP/1.1";
            _output = new Output(this);
            Stream = _output.AsStream(leaveOpen: true);
        }

        public List<ReadOnlyMemory<byte>> Lent { get; } = [];

        public List<IDisposable> Held { get; } = [];

        public List<byte> Copied { get; } = [];

        public int Flushes { get; private set; }

        public int TakenBack { get; private set; }

        public bool IsGone { get; set; }

        public bool GivesOtherMemory { get; set; }

        public Stream Stream { get; }

        public PipeWriter Writer => _output;

        private ReadOnlyMemory<byte> Next { get; set; }

        public void Lend(ReadOnlyMemory<byte> bytes) => Next = bytes;

        public void TakeBack() => (Next, TakenBack) = (default, TakenBack + 1);

        public void Afterwards(IDisposable held) => Held.Add(held);

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;

        private sealed class Output(Connection connection) : PipeWriter
        {
            private readonly byte[] _own = new byte[64 << 10];

            public override Memory<byte> GetMemory(int sizeHint = 0) =>
                connection.GivesOtherMemory || connection.Next.IsEmpty ? _own : System.Runtime.InteropServices.MemoryMarshal.AsMemory(connection.Next);

            public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

            public override void Advance(int bytes)
            {
                if (connection.Next.IsEmpty) connection.Copied.AddRange(_own.AsSpan(0, bytes));
                else connection.Lent.Add(connection.Next[..bytes]);
                connection.Next = default;
            }

            public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
            {
                connection.Flushes++;
                return new(new FlushResult(isCanceled: false, isCompleted: connection.IsGone));
            }

            public override void CancelPendingFlush()
            {
            }

            public override void Complete(Exception? exception = null)
            {
            }
        }
    }
}
