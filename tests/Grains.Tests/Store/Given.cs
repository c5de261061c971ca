using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Store;

/// <summary>What the store's tests start from.</summary>
internal static class Given
{
    public const int Mi = 1 << 20;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ResponseStore Store(long memory = 4 * Mi, TimeProvider? clock = null, long maxResponse = 0, int window = 64 << 10, int variants = 64) =>
        new(new ResponseStoreOptions { MemoryBytes = memory, MaxResponseBytes = maxResponse, WindowBytes = window, MaxVariantsPerKey = variants }, clock ?? new FakeTimeProvider());

    public static StoredVariant Variant(Content content, string uri = "http://example.org/", params string[] fields) =>
        new(new StoredResponse(uri, "GET", FieldLines.Empty, new ResponseHead(200, FieldLines.Of(fields)), DateTimeOffset.UnixEpoch, TimeSpan.Zero, default), content, 0);

    /// <summary>The byte at every position of every content in these tests, so that a byte of another shows.</summary>
    public static byte ByteAt(long id, long position) => (byte)((id * 31 + position) * 0x9E3779B1 >> 11);

    public static void Write(this ContentWriter writer, int bytes)
    {
        while (bytes > 0) bytes -= writer.WriteSome(writer.GetMemory(), bytes);
    }

    public static async Task WriteAsync(this ContentWriter writer, int bytes)
    {
        while (bytes > 0) bytes -= writer.WriteSome(await writer.GetMemoryAsync(), bytes);
    }

    public static Content Complete(this ResponseStore store, int bytes, bool declared = true)
    {
        using var writer = store.CreateContent(declared ? bytes : null);
        writer.Write(bytes);
        writer.Complete();
        return writer.Content;
    }

    public static bool Keeps(this ResponseStore store, string key, int bytes) =>
        store.Put(key, Variant(store.Complete(bytes), key), static _ => false) is PutOutcome.Stored;

    /// <summary>Reads to the end and checks every byte; answers how many there were.</summary>
    public static async Task<long> ReadAllAsync(this ContentReader reader, int pace = int.MaxValue)
    {
        var start = reader.Position;
        while (await reader.ReadAsync() is { IsEmpty: false } bytes)
        {
            var count = Math.Min(bytes.Length, pace);
            reader.Check(bytes.Span[..count]);
            reader.Advance(count);
        }

        return reader.Position - start;
    }

    public static void Check(this ContentReader reader, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            if (bytes[i] != ByteAt(reader.Content.Id, reader.Position + i))
                throw new InvalidDataException($"A foreign byte at {reader.Position + i}.");
    }

    private static int WriteSome(this ContentWriter writer, Memory<byte> memory, int bytes)
    {
        Assert.False(memory.IsEmpty, "The writer would have to wait.");
        var count = Math.Min(bytes, memory.Length);
        var (id, arrived) = (writer.Content.Id, writer.Content.Arrived);
        for (var i = 0; i < count; i++) memory.Span[i] = ByteAt(id, arrived + i);
        writer.Advance(count);
        return count;
    }
}
