namespace Granary.Grains.Resources;

/// <summary>
/// How many idle activations a silo keeps. One costs some 3 KB and holds nothing that the store does not, so beyond the budget an activation
/// leaves as soon as its question is answered, instead of waiting for collection: under a scan of new URLs memory stays flat (P7).
/// </summary>
/// <param name="limit">Activations kept, 1 and up.</param>
internal sealed class ActivationBudget(int limit)
{
    private int _count;

    public bool IsExceeded => Volatile.Read(ref _count) > limit;

    /// <summary>One for each 16 KiB of the store's memory, 1,024 to 100,000.</summary>
    public static ActivationBudget Of(long memoryBytes) => new((int)Math.Clamp(memoryBytes / (16 << 10), 1024, 100_000));

    public void Entered() => Interlocked.Increment(ref _count);

    public void Left() => Interlocked.Decrement(ref _count);
}
