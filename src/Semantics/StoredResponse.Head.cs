using Granary.Semantics.Messages;

namespace Granary.Semantics;

/// <summary>
/// The head of a stored response: as it was given, and from <see cref="Condense"/> on in bytes, which are read again when it is asked for. Of those that were asked for last some thousand stay read
/// (<see cref="ReadHeads"/>), so a hot one is not read each time; while it stays read it is the same object for all. Safe for many threads.
/// </summary>
public sealed partial class StoredResponse
{
    /// <summary>Heads that stay read take no more in the whole process, in bytes.</summary>
    public const int MostReadBytes = ReadHeads.MostBytes;

    private object _head;

    /// <summary>Without connection fields, qualified private fields and Age; always with a valid Date (RFC 9110 §6.6.1).</summary>
    public ResponseHead Head => Volatile.Read(ref _head) switch
    {
        Reading read => read.Head,
        ResponseHead given => given,
        var bytes => Read((byte[])bytes),
    };

    /// <summary>What it takes in bytes, once it is kept so; null if it is not.</summary>
    public int? HeadBytes => Volatile.Read(ref _head) switch
    {
        byte[] bytes => bytes.Length,
        Reading read => read.Bytes.Length,
        _ => null,
    };

    /// <summary>It is one of many from now on. Nothing changes for one that has characters that are no bytes.</summary>
    public void Condense()
    {
        if (Volatile.Read(ref _head) is not ResponseHead given || PackedHead.Of(given) is not { } bytes) return;
        if (ReferenceEquals(Interlocked.CompareExchange(ref _head, new Reading(given, bytes), given), given)) ReadHeads.Keep(this, bytes.Length);
    }

    /// <summary>It was not asked for lately.</summary>
    internal void ForgetHead()
    {
        if (Volatile.Read(ref _head) is Reading read) Interlocked.CompareExchange(ref _head, read.Bytes, read);
    }

    private ResponseHead Read(byte[] bytes)
    {
        var read = new Reading(PackedHead.Read(bytes), bytes);
        var found = Interlocked.CompareExchange(ref _head, read, bytes);
        if (!ReferenceEquals(found, bytes)) return found is Reading other ? other.Head : read.Head;
        ReadHeads.Keep(this, bytes.Length);
        return read.Head;
    }

    private sealed record Reading(ResponseHead Head, byte[] Bytes);
}
