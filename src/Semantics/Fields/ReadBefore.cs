namespace Granary.Semantics.Fields;

/// <summary>
/// What was read from a field value, kept for messages that have the same: of millions of stored responses few say anything new. Only for what depends on nothing but the value and never changes.
/// Bounded: values that fall together take each other's place, and long ones are read each time. Safe for many threads.
/// </summary>
internal sealed class ReadBefore<T> where T : class
{
    private const int Count = 1 << 10;
    private const int Longest = 128;

    private readonly Entry?[] _entries = new Entry?[Count];

    public T? Find(string value) =>
        value.Length <= Longest && Volatile.Read(ref _entries[PlaceOf(value)]) is { } known && known.Value == value ? known.Read : null;

    /// <returns>What was read, for whoever read it.</returns>
    public T Keep(string value, T read)
    {
        if (value.Length <= Longest) Volatile.Write(ref _entries[PlaceOf(value)], new Entry(value, read));
        return read;
    }

    private static int PlaceOf(string value) => (int)((uint)value.GetHashCode(StringComparison.Ordinal) % Count);

    private sealed record Entry(string Value, T Read);
}
