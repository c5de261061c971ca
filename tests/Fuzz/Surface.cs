namespace Granary.Fuzz;

/// <summary>One reader of hostile input with what must hold for any input at all.</summary>
/// <param name="Seeds">Inputs to begin with; chars are bytes (Latin-1), lines of a message end with \n.</param>
/// <param name="Try">Throws if something does not hold, else answers what kind of input it was: inputs of a new kind are worth mutating further.</param>
public sealed record Surface(string Name, string[] Seeds, Func<string, int> Try);

/// <summary>Something that must hold did not.</summary>
public sealed class BrokenInvariantException(string what) : Exception(what);

internal static class Must
{
    public static void Hold(bool condition, string what)
    {
        if (!condition) throw new BrokenInvariantException(what);
    }

    public static void Be<T>(T actual, T expected, string what) =>
        Hold(EqualityComparer<T>.Default.Equals(actual, expected), $"{what}: {actual} is not {expected}");
}
