using System.Collections.Immutable;

namespace Granary.Semantics.Fields.Structured;

/// <summary>Structured fields over all their lines, RFC 8941 §4.2. A field that breaks a rule is nothing at all: null.</summary>
public static class StructuredField
{
    /// <summary>§4.2.2: of members with the same key the last counts. Empty if the field is there and holds nothing.</summary>
    public static ImmutableArray<StructuredMember>? Dictionary(FieldLines fields, string name)
    {
        if (Text(fields, name) is not { } text) return null;
        var members = ImmutableArray.CreateBuilder<StructuredMember>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var reader = new StructuredReader(text);
        reader.SkipSpaces();
        while (!reader.IsAtEnd)
        {
            if (!reader.TakeKey(out var key) || !TakeMemberValue(ref reader, out var value)) return null;
            Put(members, places, new StructuredMember(key.ToString(), value));
            if (reader.IsAtEndOfMember) break;
            if (!reader.TakeComma()) return null;
        }

        return members.ToImmutable();
    }

    /// <summary>§4.2.1.</summary>
    public static ImmutableArray<StructuredValue>? List(FieldLines fields, string name)
    {
        if (Text(fields, name) is not { } text) return null;
        var members = ImmutableArray.CreateBuilder<StructuredValue>();
        var reader = new StructuredReader(text);
        reader.SkipSpaces();
        while (!reader.IsAtEnd)
        {
            if (!reader.TakeMember(out var value)) return null;
            members.Add(value);
            if (reader.IsAtEndOfMember) break;
            if (!reader.TakeComma()) return null;
        }

        return members.ToImmutable();
    }

    // A key alone is the Boolean true, which may have parameters of its own.
    private static bool TakeMemberValue(ref StructuredReader reader, out StructuredValue value)
    {
        if (reader.Take('=')) return reader.TakeMember(out value);
        value = StructuredValue.True;
        return reader.SkipParameters();
    }

    private static void Put(ImmutableArray<StructuredMember>.Builder members, Dictionary<string, int> places, StructuredMember member)
    {
        if (places.TryAdd(member.Key, members.Count)) members.Add(member);
        else members[places[member.Key]] = member;
    }

    // §4.2: lines are joined by commas before anything is read. Empty ones add nothing.
    private static string? Text(FieldLines fields, string name)
    {
        string? text = null;
        foreach (var line in fields)
        {
            if (!line.Is(name)) continue;
            text = string.IsNullOrEmpty(text) ? line.Value : line.Value.Length == 0 ? text : $"{text}, {line.Value}";
        }

        return text;
    }
}
