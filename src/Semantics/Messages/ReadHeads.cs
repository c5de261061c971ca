namespace Granary.Semantics.Messages;

/// <summary>Those heads that stay read beside their bytes: the last few thousand that were read, first in, first out. Bounded in number and, by an estimate that errs to the safe side, in bytes.</summary>
internal static class ReadHeads
{
    public const int Most = 4096;

    /// <summary>In the whole process.</summary>
    public const int MostBytes = 8 << 20;

    private static readonly Lock Gate = new();
    private static readonly Queue<(StoredResponse Head, int Bytes)> Heads = new(Most + 1);
    private static long _bytes;

    /// <param name="length">Of its bytes.</param>
    public static void Keep(StoredResponse head, int length)
    {
        var bytes = BytesOf(length);
        lock (Gate)
        {
            Heads.Enqueue((head, bytes));
            _bytes += bytes;
            while (Heads.Count > Most || _bytes > MostBytes)
            {
                var (oldest, its) = Heads.Dequeue();
                _bytes -= its;
                oldest.ForgetHead(); // if it was read twice, once more than needed: it will be read again
            }
        }
    }

    // A field whose name and value are known takes two bytes here and sixteen there, a date six and a hundred.
    private static int BytesOf(int length) => 256 + 16 * length;
}
