namespace Granary.Semantics.Fields;

/// <summary>
/// An entity tag, RFC 9110 §8.8.3. What origins really send is also read: <c>w/"x"</c> and a bare <c>x</c> are weak tags, so they
/// validate but never prove that bytes are the same.
/// </summary>
/// <param name="Opaque">The characters between the quotes.</param>
public readonly record struct EntityTag(string Opaque, bool IsWeak)
{
    /// <summary>Strong comparison (§8.8.3.2): same characters and neither is weak.</summary>
    public bool IsStrongly(EntityTag other) => !IsWeak && !other.IsWeak && IsWeakly(other);

    /// <summary>Weak comparison (§8.8.3.2): same characters.</summary>
    public bool IsWeakly(EntityTag other) => string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);

    /// <summary>The tag of a message that carries exactly one.</summary>
    public static EntityTag? Of(FieldLines fields) =>
        fields.Single(FieldNames.ETag) is { } text && TryParse(text, out var tag) ? tag : null;

    public static bool TryParse(ReadOnlySpan<char> text, out EntityTag tag)
    {
        text = Grammar.TrimWhitespace(text);
        return TryTake(ref text, out tag) && text.IsEmpty;
    }

    /// <summary>Whether a list field (If-None-Match, If-Match) holds a tag that is weakly the same; <c>*</c> is not looked at.</summary>
    public static bool ListHolds(FieldLines fields, string name, EntityTag sought)
    {
        foreach (var line in fields)
            if (line.Is(name) && LineHolds(line.Value, sought)) return true;
        return false;
    }

    public override string ToString() => IsWeak ? $"W/\"{Opaque}\"" : $"\"{Opaque}\"";

    private static bool LineHolds(ReadOnlySpan<char> list, EntityTag sought)
    {
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.IsEmpty) return false;
            if (TryTake(ref list, out var tag) && IsMemberEnd(list) && tag.IsWeakly(sought)) return true;
            var comma = list.IndexOf(',');
            list = comma < 0 ? default : list[comma..];
        }
    }

    // A comma is an ordinary character inside the quotes, and a backslash escapes nothing there (§8.8.3).
    private static bool TryTake(ref ReadOnlySpan<char> text, out EntityTag tag)
    {
        tag = default;
        var weak = text is ['W' or 'w', '/', '"', ..];
        var rest = weak ? text[2..] : text;
        if (rest.IsEmpty) return false;
        if (rest[0] != '"') return TryTakeBare(ref text, out tag);
        var end = rest[1..].IndexOf('"');
        if (end < 0 || HasForbidden(rest.Slice(1, end))) return false;
        tag = new EntityTag(rest.Slice(1, end).ToString(), weak);
        text = rest[(end + 2)..];
        return true;
    }

    private static bool TryTakeBare(ref ReadOnlySpan<char> text, out EntityTag tag)
    {
        tag = default;
        var end = text.IndexOfAny(" \t,\"");
        var bare = end < 0 ? text : text[..end];
        if (bare.IsEmpty || bare is "*" || HasForbidden(bare)) return false;
        tag = new EntityTag(bare.ToString(), IsWeak: true);
        text = text[bare.Length..];
        return true;
    }

    private static bool IsMemberEnd(ReadOnlySpan<char> rest) => rest.TrimStart(" \t") is [] or [',', ..];

    private static bool HasForbidden(ReadOnlySpan<char> opaque) =>
        opaque.ContainsAnyInRange('\0', ' ') || opaque.ContainsAny('\u007f', '"');
}
