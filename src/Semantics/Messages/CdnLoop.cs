using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>CDN-Loop, RFC 8586: which CDNs have forwarded this request. Unlike Via it is never rewritten, so a loop through others is seen as well.</summary>
public static class CdnLoop
{
    /// <summary>Whether one of the CDNs listed is <paramref name="id"/>. Parameters are not looked at; what is not well-formed is no identifier.</summary>
    public static bool Names(FieldLines fields, string id)
    {
        foreach (var member in new ListMembers(fields, FieldNames.CdnLoop))
        {
            var end = member.IndexOf(';');
            if (Grammar.TrimWhitespace(end < 0 ? member : member[..end]).Equals(id, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Adds us behind the others (§2); nothing of what is there is taken away or changed.</summary>
    public static FieldLines Append(FieldLines fields, string id) =>
        fields.With(FieldNames.CdnLoop, fields.Combined(FieldNames.CdnLoop) is { Length: > 0 } others ? $"{others}, {id}" : id);
}
