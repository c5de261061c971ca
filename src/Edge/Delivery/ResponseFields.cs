using Granary.Edge.Presenting;
using Granary.Semantics.Fields;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery;

/// <summary>Writes field lines into Kestrel's response, lines with the same name kept apart and in order.</summary>
internal static class ResponseFields
{
    public static void Write(HttpResponse response, FieldLines fields)
    {
        var headers = response.Headers;
        foreach (var line in fields)
            if (MayBeSent(response.StatusCode, line.Name)) headers.Append(line.Name, line.Value);
    }

    /// <summary>RFC 9110 §8.6: no Content-Length with 204. Some origins send it, and Kestrel would refuse to.</summary>
    private static bool MayBeSent(int status, string name) =>
        status is not (204 or 205) || !name.Equals(FieldNames.ContentLength, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 9110 §7.6.3, on the way back too.</summary>
    public static void AddVia(HttpResponse response, string receivedProtocol, Pseudonym pseudonym) =>
        response.Headers.Append("Via", new StringValues($"{receivedProtocol} {pseudonym}"));
}
