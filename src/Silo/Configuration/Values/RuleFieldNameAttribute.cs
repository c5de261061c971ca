using System.Collections.Frozen;

namespace Granary.Silo.Configuration.Values;

/// <summary>A field that rules may touch: none that frames a message, belongs to a connection, or says what a proxy must say of itself.</summary>
public sealed class RuleFieldNameAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly TokenAttribute Name = new("", most: 64);

    private static readonly FrozenSet<string> Ours = FrozenSet.ToFrozenSet(
        [
            "Age", "Cache-Status", "CDN-Loop", "Connection", "Content-Length", "Content-Range", "Date", "Expect", "Host", "HTTP2-Settings", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
            "If-Unmodified-Since", "Keep-Alive", "Max-Forwards", "Proxy-Connection", "Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
        ], StringComparer.OrdinalIgnoreCase);

    public override string Argument => "NAME";

    public override string Allowed => "a field name such as X-Frame-Options; none that frames messages or belongs to a connection, no precondition or range, not Host, Via, CDN-Loop, Age, Date or Cache-Status";

    public override object? Read(string text) => Name.Read(text) is not null && !Ours.Contains(text) ? text : null;
}
