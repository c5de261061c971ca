using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Compression of answers on their way out. What is stored stays as the origin sent it.</summary>
public sealed record CompressionSettings
{
    /// <summary>Default false. A route says otherwise by <c>Granary.Compression</c> in its metadata.</summary>
    [Flag("Whether the reverse proxy compresses answers, on routes that say nothing else")]
    public bool Enabled { get; init; }

    /// <summary>Default br, gzip.</summary>
    [Codings("Content codings that are offered; of those that a client likes as well as each other the first is taken; zstd counts where the platform has it")]
    public ImmutableArray<string> Codings { get; init; } = ["br", "gzip"];

    /// <summary>Default text, and what is text by another name. Never text/event-stream.</summary>
    [MediaTypes("Media types that are compressed")]
    public ImmutableArray<string> Types { get; init; } =
    [
        "text/*", "application/json", "application/javascript", "application/xml", "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "application/ld+json",
        "application/problem+json", "application/manifest+json", "application/geo+json", "application/x-ndjson", "application/wasm", "image/svg+xml", "font/ttf", "font/otf",
    ];

    /// <summary>Bytes; 0 … 1 GiB. Default 1 KiB.</summary>
    [Size("Smallest content that is compressed, where its length is known", "0B", "1GiB")]
    public long MinSize { get; init; } = 1 << 10;

    /// <summary>Bytes; 0 … 1 TiB. Default 32 MiB.</summary>
    [Size("Memory of an edge for the compressed forms of what is stored, so that a content is compressed once; 0B for none", "0B", "1TiB", NeedsRestart = true)]
    public long MemoryLimit { get; init; } = 32 << 20;
}
