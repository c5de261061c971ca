using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Rules.Compression;

/// <summary>
/// The compressed forms of what is stored and asked for again, in a memory of their own. One is made by the first who asks for it, on his time; who asks meanwhile waits for him. The memory is a
/// queue with second chances (CLOCK): using a form takes no lock.
/// </summary>
/// <param name="limit">The budget in bytes; 0 for no forms.</param>
internal sealed class CompressedForms(Func<long> limit)
{
    /// <summary>A larger content is compressed anew for each client: it would hold up those who wait for it, and push too many others out.</summary>
    private const long MostContent = 4 << 20;

    /// <summary>While so many are being made, other contents are compressed as they are sent, which needs less memory.</summary>
    private const int MostAtOnce = 64;

    /// <summary>Of the budget that one content may have.</summary>
    private const int Share = 8;

    private readonly Lock _storing = new();
    private readonly ConcurrentDictionary<FormKey, CompressedForm> _forms = new();
    private readonly ConcurrentDictionary<FormKey, Task<CompressedForm?>> _beingMade = new();
    private readonly Queue<(FormKey Key, CompressedForm Form)> _order = new();
    private long _bytes;
    private int _making;
    private long _made;
    private long _used;

    public long Bytes => Volatile.Read(ref _bytes);

    public long Limit => limit();

    public int Count => _forms.Count;

    public long Made => Volatile.Read(ref _made);

    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether it is worth asking for here: not too large, and there, or to be made now.</summary>
    public bool Take(FormKey key, long? length) => length is > 0 and <= MostContent && length <= limit() / Share
        && (_forms.ContainsKey(key) || _beingMade.ContainsKey(key) || Volatile.Read(ref _making) < MostAtOnce);

    public CompressedForm? Find(FormKey key)
    {
        if (!_forms.TryGetValue(key, out var form)) return null;
        form.WasUsed = true;
        Interlocked.Increment(ref _used);
        return form;
    }

    /// <summary>Makes it, or waits for whoever does.</summary>
    /// <param name="length">What has to come, else nothing is made of it.</param>
    /// <param name="send">Writes the content as the answer to a request.</param>
    /// <param name="clientGone">Ends waiting for another; who makes it goes on, since others wait for him.</param>
    /// <returns>Null when the content did not come whole to another.</returns>
    public async Task<CompressedForm?> Make(FormKey key, long length, Func<HttpContext, Task> send, CancellationToken clientGone = default)
    {
        var promise = new TaskCompletionSource<CompressedForm?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_beingMade.GetOrAdd(key, promise.Task) is var first && first != promise.Task) return await first.WaitAsync(clientGone);
        CompressedForm? form = null;
        Interlocked.Increment(ref _making);
        try
        {
            return form = Find(key) ?? await MakeNow(key, length, send); // somebody may have made it just before
        }
        finally
        {
            Interlocked.Decrement(ref _making);
            _beingMade.TryRemove(key, out _); // after it is stored: who comes now finds it
            promise.SetResult(form);
        }
    }

    private async Task<CompressedForm> MakeNow(FormKey key, long length, Func<HttpContext, Task> send)
    {
        var form = new CompressedForm(await Compress(key.Coding, length, send));
        Store(key, form);
        Interlocked.Increment(ref _made);
        return form;
    }

    private static async Task<ReadOnlyMemory<byte>> Compress(ContentCoding coding, long length, Func<HttpContext, Task> send)
    {
        var sink = new ArrayBufferWriter<byte>((int)Math.Max(length / 4, 256));
        using var encoder = coding.EncoderTo(sink, isKept: true);
        var counted = new Counted(encoder);
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(counted));
        await send(context);
        await context.Response.CompleteAsync();
        if (counted.Count != length) throw new Granary.Grains.Store.IncompleteContentException($"{counted.Count} bytes came of {length}.");
        encoder.Finish();
        return sink.WrittenSpan.ToArray();
    }

    private void Store(FormKey key, CompressedForm form)
    {
        lock (_storing)
        {
            if (form.Cost > limit() || !_forms.TryAdd(key, form)) return;
            _order.Enqueue((key, form));
            _bytes += form.Cost;
            while (_bytes > limit() && _order.Count > 0) Evict_NeedsLock();
        }
    }

    private void Evict_NeedsLock()
    {
        var (key, form) = _order.Dequeue();
        if (form.WasUsed)
        {
            form.WasUsed = false;
            _order.Enqueue((key, form));
            return;
        }

        _forms.TryRemove(key, out _);
        _bytes -= form.Cost;
    }

    /// <summary>Coded as it comes; a flush has nobody to reach.</summary>
    private sealed class Counted(Encoder encoder) : WriteOnlyStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            encoder.Write(buffer);
            Count += buffer.Length;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }
    }
}
