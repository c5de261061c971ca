using Granary.Grains.Store;
using Granary.Language;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>Contents whose every byte tells where it stands and in which content.</summary>
internal static class Known
{
    public static byte ByteAt(int seed, long position) => (byte)((seed * 31 + position) * 0x9E3779B1 >> 11);

    public static byte[] Bytes(int seed, long from, long count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = ByteAt(seed, from + i);
        return bytes;
    }

    public static void Write(this ContentWriter writer, int seed, int count)
    {
        for (int some; count > 0; count -= some) some = Fill(writer, writer.GetMemory(), seed, count);
    }

    public static async Task WriteAsync(this ContentWriter writer, int seed, int count)
    {
        for (int some; count > 0; count -= some) some = Fill(writer, await writer.GetMemoryAsync(), seed, count);
    }

    /// <summary>Stored, so that it stays.</summary>
    public static Content Keeps(this ResponseStore store, int seed, int length, bool declared = true)
    {
        using var writer = store.CreateContent(declared ? length : null);
        writer.Write(seed, length);
        writer.Complete();
        store.Put($"http://example.org/{seed}", Variant(writer.Content), static _ => false);
        return writer.Content;
    }

    /// <summary>Stored under a number of its own: a part of a content, from that byte on.</summary>
    public static Content Keeps(this ResponseStore store, int number, int length, long from, int seed)
    {
        using var writer = store.CreateContent(length);
        for (int some, done = 0; done < length; done += some)
        {
            var memory = writer.GetMemory();
            some = Math.Min(memory.Length, length - done);
            Bytes(seed, from + done, some).CopyTo(memory);
            writer.Advance(some);
        }

        writer.Complete();
        store.Put($"http://example.org/{number}", Variant(writer.Content), static _ => false);
        return writer.Content;
    }

    /// <summary>Something under a key of one's own.</summary>
    public static void Keeps(this ResponseStore store, string key, int length)
    {
        using var writer = store.CreateContent(length);
        writer.Write(1, length);
        writer.Complete();
        store.Put(key, Variant(writer.Content), static _ => true);
    }

    public static bool Removes(this ResponseStore store, int seed) => store.Remove($"http://example.org/{seed}") > 0;

    public static async Task<long> Check(Stream stream, int seed, long position = 0)
    {
        var buffer = new byte[64 << 10];
        var start = position;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0; position += count)
            for (var i = 0; i < count; i++)
                if (buffer[i] != ByteAt(seed, position + i)) throw new InvalidDataException($"A foreign byte at {position + i}.");
        return position - start;
    }

    public static Task<T> Soon<T>(this Task<T> task) => task.Within();

    public static Task Soon(this Task task) => task.Within();

    /// <summary>For what can only be looked at. Real time: a hang, not a measurement.</summary>
    public static async Task Becomes(Func<bool> state, Action? meanwhile = null)
    {
        for (var i = 0; !state(); i++)
        {
            Assert.True(i < 6000, "It never came to that.");
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static int Fill(ContentWriter writer, Memory<byte> memory, int seed, int count)
    {
        Assert.False(memory.IsEmpty, "The writer would have to wait.");
        var some = Math.Min(count, memory.Length);
        for (var i = 0; i < some; i++) memory.Span[i] = ByteAt(seed, writer.Content.Arrived + i);
        writer.Advance(some);
        return some;
    }

    private static StoredVariant Variant(Content content) =>
        new(new StoredResponse("http://example.org/", "GET", FieldLines.Empty, new ResponseHead(200, FieldLines.Empty), DateTimeOffset.UnixEpoch, TimeSpan.Zero, default), content, 0);
}
