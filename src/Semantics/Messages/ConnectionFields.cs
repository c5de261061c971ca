using System.Collections.Frozen;
using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>
/// Fields that belong to one connection, not to the message (RFC 9110 §7.6.1), and those that belong to one proxy (RFC 9111 §3.1).
/// A Connection field can nominate extensions, but never take away a field meant for all recipients: else a client could strip
/// the very fields a rule or an origin relies on.
/// </summary>
public static class ConnectionFields
{
    private static readonly FrozenSet<string> OfConnection = Names(
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private static readonly FrozenSet<string> OfProxy = Names(
        "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization");

    private static readonly FrozenSet<string> Protected = Names(
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Allow", "Authorization", "Cache-Control", "Cache-Groups",
        "Cache-Group-Invalidation", "Cache-Status", "Cache-Tag", "CDN-Cache-Control", "CDN-Loop", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location",
        "Content-Range", "Content-Security-Policy", "Content-Type", "Cookie", "Date", "ETag", "Expect", "Expires", "Forwarded", "From", "Granary-Cache-Control", "Host",
        "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Last-Modified", "Location", "Max-Forwards",
        "Origin", "Pragma", "Range", "Referer", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security", "Surrogate-Control", "Surrogate-Key",
        "Trailer", "User-Agent", "Vary", "Via", "WWW-Authenticate", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP");

    /// <summary>Without what the next hop must not get: connection fields and what they nominate, and fields between this proxy and its peer.</summary>
    public static FieldLines RemoveHopByHop(FieldLines fields) => ForForwarding(fields);

    /// <inheritdoc cref="RemoveHopByHop"/>
    public static FieldLines ForForwarding(FieldLines fields) =>
        Nominated(fields) is { } nominated ? Without(fields, nominated) : fields.Where(static line => !IsHopByHop(line.Name));

    /// <summary>What may be stored (RFC 9111 §3.1): as forwarded, and no Trailer, because trailer fields are not stored with the content.</summary>
    public static FieldLines ForStoring(FieldLines fields) => ForForwarding(fields).Without(FieldNames.Trailer);

    private static bool IsHopByHop(string name) => OfConnection.Contains(name) || OfProxy.Contains(name);

    private static FieldLines Without(FieldLines fields, HashSet<string> nominated) => fields.Where(line => !IsHopByHop(line.Name) && !nominated.Contains(line.Name));

    private static HashSet<string>? Nominated(FieldLines fields)
    {
        HashSet<string>? names = null;
        foreach (var option in new ListMembers(fields, FieldNames.Connection))
        {
            var name = option.ToString();
            if (!Protected.Contains(name) && !IsHopByHop(name)) (names ??= new(StringComparer.OrdinalIgnoreCase)).Add(name);
        }

        return names;
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
