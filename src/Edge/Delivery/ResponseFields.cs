using Granary.Edge.Presenting;
using Granary.Semantics.Fields;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery;

/// <summary>Writes field lines into Kestrel's response, lines with the same name kept apart and in order.</summary>
internal static class ResponseFields
{
    /// <summary>With the status before them: a response without content must not announce any (RFC 9110 §8.6, §15.3.6), whatever the origin wrote.</summary>
    public static void Write(HttpResponse response, FieldLines fields)
    {
        if (!StatusAllowsContent(response.StatusCode)) fields = fields.Without(FieldNames.ContentLength);
        var headers = response.Headers;
        foreach (var line in fields) headers.Append(line.Name, line.Value);
    }

    /// <summary>304 has no content either, but may say how long it would be (RFC 9110 §8.6).</summary>
    public static bool StatusAllowsContent(int status) => status is not (204 or 205);

    /// <summary>RFC 9110 §7.6.3, on the way back too.</summary>
    public static void AddVia(HttpResponse response, string receivedProtocol, Pseudonym pseudonym) =>
        response.Headers.Append("Via", new StringValues($"{receivedProtocol} {pseudonym}"));
}
