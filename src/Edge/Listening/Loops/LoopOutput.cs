using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace Granary.Edge.Listening.Loops;

/// <summary>
/// What is written to a client. A flush sends at once, in the writer's own turn and with one gathered write; what the kernel does not take waits for the loop to say that there is room. Stored bytes are lent, not copied.
/// One writer at a time; the loop comes in only by <see cref="GoOn"/> and <see cref="Break"/>, which the gate keeps apart.
/// </summary>
internal sealed partial class LoopOutput(int descriptor, MemoryPool<byte> pool) : PipeWriter, ILending
{
    private readonly List<Piece> _written = [];
    private IMemoryOwner<byte>? _block;
    private Memory<byte> _room; // of the block: from where the next piece begins
    private int _filled;        // of the room: advanced over, and not yet among the pieces
    private ReadOnlyMemory<byte> _lent;
    private long _unflushed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!_lent.IsEmpty) return MemoryMarshal.AsMemory(_lent);
        if (_room.Length - _filled < Math.Max(sizeHint, 1)) NewBlock(sizeHint);
        return _room[_filled..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        _unflushed += bytes;
        if (_lent.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _room.Length - _filled);
            _filled += bytes;
            return;
        }

        Cut();
        _written.Add(new Piece(_lent[..bytes], null));
        TakeBack();
    }

    public void Lend(ReadOnlyMemory<byte> bytes) => _lent = bytes;

    public void TakeBack() => _lent = default;

    public void Afterwards(IDisposable held)
    {
        if (_written.Count > 0) _written.Add(new Piece(default, held));
        else if (!IsKeptWithUnsent(held)) held.Dispose();
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        LetGoOfBlock();
        return Send(cancellationToken);
    }

    public override void Complete(Exception? exception = null)
    {
        LetGoOfBlock();
        End();
    }

    private void NewBlock(int sizeHint)
    {
        LetGoOfBlock();
        _block = sizeHint <= pool.MaxBufferSize ? pool.Rent() : new Large(sizeHint);
        _room = _block.Memory;
    }

    /// <summary>Makes a piece of what lies in the block, which goes on to be written to.</summary>
    private void Cut()
    {
        if (_filled > 0) _written.Add(new Piece(_room[.._filled], null));
        (_room, _filled) = (_room[_filled..], 0);
    }

    /// <summary>The block goes with its last piece.</summary>
    private void LetGoOfBlock()
    {
        if (_block is null) return;
        if (_filled > 0 || _written.Count > 0) _written.Add(new Piece(_room[.._filled], _block));
        else _block.Dispose();
        (_block, _room, _filled) = (null, default, 0);
    }

    /// <summary>Bytes that lie side by side, and keep their place until they are sent, or never will be.</summary>
    private readonly struct Piece(ReadOnlyMemory<byte> bytes, IDisposable? owner)
    {
        private readonly MemoryHandle _pinned = bytes.Pin(); // costs nothing where the array is pinned for its life

        public int Length { get; } = bytes.Length;

        public unsafe Kernel.Stretch From(int offset) => new() { Start = (byte*)_pinned.Pointer + offset, Length = Length - offset };

        public void Release()
        {
            _pinned.Dispose();
            owner?.Dispose();
        }
    }

    /// <summary>Room for what one write needs side by side, and blocks have not.</summary>
    private sealed class Large(int bytes) : IMemoryOwner<byte>
    {
        private byte[]? _array = ArrayPool<byte>.Shared.Rent(bytes);

        public Memory<byte> Memory => _array;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } array) ArrayPool<byte>.Shared.Return(array);
        }
    }
}
