using BenchmarkDotNet.Attributes;
using Granary.Grains.Store;
using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Benchmarks;

/// <summary>What a hit, and a miss that has to evict, cost in the store.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private readonly ResponseStore _store = new(new ResponseStoreOptions { MemoryBytes = 64 << 20 }, TimeProvider.System);
    private readonly string[] _keys = [.. Enumerable.Range(0, 100_000).Select(i => $"http://example.org/{i}")];
    private int _next;

    [Params(1_000, 100_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Fill() => Put("hot");

    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Hit()
    {
        if (_store.Find("hot") is not [var found, ..] || !_store.TryOpen(found.Content.Id, 0, out var reader)) return 0;
        using (reader)
            while (reader.TryRead(out var bytes) && !bytes.IsEmpty) reader.Advance(bytes.Length);
        return reader.Position;
    }

    [Benchmark]
    public void PutAndEvict() => Put(_keys[_next++ % _keys.Length]);

    private void Put(string key)
    {
        using var writer = _store.CreateContent(Bytes);
        while (writer.Content.Arrived < Bytes) writer.Advance(writer.GetMemory().Length);
        var head = new ResponseHead(200, FieldLines.Of("Cache-Control: max-age=60", "ETag: \"v1\""));
        var response = new StoredResponse(key, "GET", FieldLines.Empty, head, DateTimeOffset.UnixEpoch, TimeSpan.Zero, default);
        _store.Put(key, new StoredVariant(response, writer.Content, 0), static _ => true);
        writer.Complete();
    }
}
