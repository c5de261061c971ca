using System.Text;

namespace Granary.Edge.Listening.Tls;

/// <summary>Tells the origin who the client's certificate says that it is, in a field that nobody else can write.</summary>
internal static class ClientSubject
{
    /// <param name="isForward">It goes to a site of somebody else, who need not know who our clients are.</param>
    public static void Tell(HttpContext context, string field, bool isForward)
    {
        foreach (var name in context.Request.Headers.Keys.Where(name => IsTakenFor(name, field)).ToArray()) context.Request.Headers.Remove(name);
        if (!isForward && context.Connection.ClientCertificate is { } shown) context.Request.Headers[field] = InAscii(shown.SubjectName.Name);
    }

    // CGI and its heirs make one of dash and underscore (RFC 3875 §4.1.18).
    private static bool IsTakenFor(string name, string field) =>
        name.Length == field.Length && name.Replace('_', '-').Equals(field.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);

    /// <summary>What is not visible ASCII as RFC 4514 §2.4 escapes it: an authority may sign any name, a field may not hold any (RFC 9110 §5.5).</summary>
    internal static string InAscii(string subject)
    {
        if (!subject.AsSpan().ContainsAnyExceptInRange(' ', '~')) return subject;
        var text = new StringBuilder(subject.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(subject))
            if (octet is >= 0x20 and <= 0x7e) text.Append((char)octet);
            else text.Append('\\').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
