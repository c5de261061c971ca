using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>A request as its bytes came, and what was answered to it.</summary>
/// <param name="Head">Of the request.</param>
/// <param name="Listener">Where it came in.</param>
/// <param name="Hit">What it is answered with; its settings are those it was let in under.</param>
/// <param name="Routes">Those that took it to its site; null where there is only one.</param>
/// <param name="Until">When it is read again, as the clock counts.</param>
/// <param name="Tags">Of its duration.</param>
internal sealed record RepeatedHit(byte[] Head, object Listener, PreparedHit Hit, IChangeToken? Routes, long Until, KeyValuePair<string, object?>[] Tags)
{
    private byte[]? _start;

    /// <summary>The head of the answer, but for what changes with time.</summary>
    public ReadOnlySpan<byte> Start(long length) => _start ??= Written(length);

    private byte[] Written(long length)
    {
        var head = new StringBuilder($"HTTP/1.1 {Hit.Status} {Hit.Reason ?? ReasonPhrases.GetReasonPhrase(Hit.Status)}\r\n{(Hit.IsNotModified ? "" : $"Content-Length: {length}\r\n")}");
        foreach (var (name, values) in Hit.Fields)
            foreach (var value in values)
                head.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.Latin1.GetBytes(head.ToString());
    }
}
