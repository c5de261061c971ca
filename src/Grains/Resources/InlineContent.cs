using System.Buffers;
using Granary.Grains.Store;

namespace Granary.Grains.Resources;

/// <summary>
/// Content that travels inside an answer. Where it comes from it is only a reference: the bytes are taken from the store when the message is written, and if they are gone by
/// then it arrives as gone. Where it arrives the bytes are in rented memory, which goes back with <see cref="Dispose"/>: nothing may be sending from it then.
/// </summary>
public sealed class InlineContent : IDisposable
{
    /// <summary>The content was let go before it could be sent.</summary>
    internal static readonly InlineContent Gone = new(null, 0);

    private readonly int _length;
    private byte[]? _rented;

    internal InlineContent(Content content) => Source = content;

    internal InlineContent(byte[]? rented, int length) => (_rented, _length) = (rented, length);

    /// <summary>Whether the bytes are here: it has arrived, and not as gone.</summary>
    public bool IsHere => Volatile.Read(ref _rented) is not null;

    public bool IsGone => Source is null && !IsHere;

    public ReadOnlyMemory<byte> Bytes => Volatile.Read(ref _rented) is { } rented
        ? rented.AsMemory(0, _length)
        : throw new InvalidOperationException("There are no bytes here.");

    /// <summary>What is to be sent; null where it has arrived.</summary>
    internal Content? Source { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { Length: > 0 } rented) ArrayPool<byte>.Shared.Return(rented);
    }
}
