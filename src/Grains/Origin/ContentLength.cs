using System.Globalization;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>How much content a response head announces. RFC 9112 §6.3; what is ambiguous was refused on the wire.</summary>
internal static class ContentLength
{
    /// <summary>An answer without a length may be one that never ends, by design; it owes no rate.</summary>
    public static bool IsDeclaredIn(HttpResponseMessage response) => response.Content.Headers.NonValidated.Contains(FieldNames.ContentLength);

    /// <returns>Bytes, or null where only the end of the content will tell.</returns>
    public static long? Of(string method, ResponseHead head)
    {
        if (method == "HEAD" || head.Status is 204 or 304 or < 200) return 0;
        if (head.Fields.Has(FieldNames.TransferEncoding)) return null;
        return long.TryParse(head.Fields.First(FieldNames.ContentLength), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
    }
}
