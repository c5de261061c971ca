using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>Via, RFC 9110 §7.6.3: who has forwarded this message, so that a request that came round is seen.</summary>
public static class Via
{
    /// <summary>Whether one of the recipients listed is <paramref name="pseudonym"/>; comments are not searched.</summary>
    public static bool ContainsPseudonym(FieldLines fields, string pseudonym)
    {
        foreach (var line in fields)
            if (line.Is(FieldNames.Via) && LineNames(line.Value, pseudonym)) return true;
        return false;
    }

    /// <summary>Adds this recipient behind the others.</summary>
    public static FieldLines Append(FieldLines fields, string protocolVersion, string pseudonym) =>
        fields.Combined(FieldNames.Via) is { Length: > 0 } others
            ? fields.With(FieldNames.Via, $"{others}, {protocolVersion} {pseudonym}")
            : fields.With(FieldNames.Via, $"{protocolVersion} {pseudonym}");

    /// <summary>
    /// The same without names and ports of hosts, and without comments, which carry versions: the pseudonym stands for them (RFC 9110 §7.6.3). Pseudonyms of others stay.
    /// What is no member is left out.
    /// </summary>
    public static string WithoutHosts(ReadOnlySpan<char> list, string pseudonym)
    {
        var members = new List<string>();
        for (var commentsClose = true; !list.IsEmpty;)
        {
            var end = MemberLength(list, ref commentsClose);
            var member = Grammar.TrimWhitespace(list[..end]);
            var by = ReceivedBy(member);
            if (!by.IsEmpty) members.Add($"{member[..member.IndexOfAny(' ', '\t')]} {(by.IndexOfAny(".:[") < 0 ? by : pseudonym)}");
            list = end < list.Length ? list[(end + 1)..] : default;
        }

        return string.Join(", ", members.Where((member, i) => i == 0 || member != members[i - 1]));
    }

    private static bool LineNames(ReadOnlySpan<char> list, string pseudonym)
    {
        var commentsClose = true;
        while (!list.IsEmpty)
        {
            var end = MemberLength(list, ref commentsClose);
            if (ReceivedBy(list[..end]).Equals(pseudonym, StringComparison.OrdinalIgnoreCase)) return true;
            list = end < list.Length ? list[(end + 1)..] : default;
        }

        return false;
    }

    // received-protocol RWS received-by [ RWS comment ]
    private static ReadOnlySpan<char> ReceivedBy(ReadOnlySpan<char> member)
    {
        member = Grammar.TrimWhitespace(member);
        var space = member.IndexOfAny(' ', '\t');
        if (space < 0) return default;
        member = member[space..].TrimStart(" \t");
        var end = member.IndexOfAny(" \t(");
        return end < 0 ? member : member[..end];
    }

    // Commas inside a comment do not split; a comment that never closes is ordinary text, so it cannot hide what follows
    // (and is looked for once only, because looking again at every bracket would be quadratic).
    private static int MemberLength(ReadOnlySpan<char> text, ref bool commentsClose)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ',') return i;
            if (text[i] != '(' || !commentsClose) continue;
            var comment = CommentLength(text[i..]);
            commentsClose = comment > 0;
            if (commentsClose) i += comment - 1;
        }

        return text.Length;
    }

    private static int CommentLength(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i + 1;
        }

        return -1;
    }
}
