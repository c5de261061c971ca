using System.Text;
using Granary.Semantics.Fields;

namespace Granary.Edge.Listening;

/// <summary>The head of an interim response as bytes. RFC 9112 §4.</summary>
internal static class InterimHead
{
    private static readonly HashSet<string> OfThisConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Interim responses are rare, so this allocates. Fields of the other connection (RFC 9110 §7.6.1) and unsafe ones are left out.</summary>
    public static byte[] Write(int status, FieldLines fields)
    {
        var head = new StringBuilder(128).Append("HTTP/1.1 ").Append(status).Append(' ').Append(Reason(status)).Append("\r\n");
        foreach (var line in fields)
            if (MayBeSent(line)) head.Append(line.Name).Append(": ").Append(line.Value).Append("\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    private static bool MayBeSent(FieldLine line) =>
        line.Name.Length > 0 && !OfThisConnection.Contains(line.Name) && IsSafe(line.Name, alsoBlank: false) && IsSafe(line.Value, alsoBlank: true);

    private static bool IsSafe(string text, bool alsoBlank)
    {
        foreach (var c in text)
            if (c is < ' ' or '\x7f' or > '\xff' && c != '\t' || (!alsoBlank && c is ' ' or ':')) return false;
        return true;
    }

    private static string Reason(int status) => status switch
    {
        102 => "Processing",
        103 => "Early Hints",
        104 => "Upload Resumption Supported",
        _ => "",
    };
}
