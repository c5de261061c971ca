using Granary.Semantics.Fields;
using Granary.Silo.Configuration;

namespace Granary.Edge.Presenting;

/// <summary>
/// What sites that clients of the forward proxy visit are told of the page that led there (RFC 9110 §10.1.3, §17.9). Before the look-up, so that a response which varies by it varies rightly.
/// </summary>
internal sealed class RefererField(Func<RefererPolicy> policy)
{
    private const string Name = "Referer";

    /// <param name="target">The target URI.</param>
    public FieldLines Write(FieldLines fields, string target)
    {
        var now = policy();
        if (now is RefererPolicy.Keep || !fields.Has(Name)) return fields;
        var origin = now is RefererPolicy.Remove ? null : OriginOf(fields.Combined(Name));
        if (origin is null) return fields.Without(Name);
        return now is RefererPolicy.CrossOrigin && origin == OriginOf(target) ? fields : fields.With(Name, origin);
    }

    /// <returns>Null if it is not of the web: what it would tell, nobody knows.</returns>
    private static string? OriginOf(string? uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var page) && (page.Scheme == Uri.UriSchemeHttp || page.Scheme == Uri.UriSchemeHttps)
            ? page.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/" : null;
}
