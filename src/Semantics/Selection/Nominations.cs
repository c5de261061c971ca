using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Selection;

/// <summary>The request fields a response's Vary nominates (RFC 9110 §12.5.5): lower case, each once, in alphabetic order.</summary>
/// <param name="IsEverything">Vary holds <c>*</c>, something that is no field name, or too much to compare on each request: none will ever match.</param>
public readonly record struct Nominations(ImmutableArray<string> Names, bool IsEverything)
{
    private const int Most = 32;

    public static readonly Nominations None = new([], false);

    private static readonly ReadBefore<string[]> Before = new();

    public static Nominations Of(FieldLines response)
    {
        if (!response.Has(FieldNames.Vary)) return None;
        if (response.Single(FieldNames.Vary) is not { } value) return Read(response);
        if (Before.Find(value) is { } names) return new(ImmutableCollectionsMarshal.AsImmutableArray(names), false);
        var read = Read(response);
        if (!read.IsEverything) Before.Keep(value, ImmutableCollectionsMarshal.AsArray(read.Names)!);
        return read;
    }

    private static Nominations Read(FieldLines response)
    {
        SortedSet<string>? names = null;
        foreach (var member in new ListMembers(response, FieldNames.Vary))
        {
            if (member is "*" || !Grammar.IsToken(member)) return new([], true);
            (names ??= new(StringComparer.Ordinal)).Add(Lower(member));
            if (names.Count > Most) return new([], true);
        }

        return names is null ? None : new([.. names], false);
    }

    private static string Lower(ReadOnlySpan<char> name) =>
        string.Create(name.Length, name, static (lower, from) => from.ToLowerInvariant(lower));

    public bool Equals(Nominations other) => IsEverything == other.IsEverything && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => HashCode.Combine(IsEverything, Names.Length);
}
