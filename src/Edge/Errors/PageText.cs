using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Granary.Edge.Errors;

/// <summary>
/// Fills a page: <c>{{status}}</c>, <c>{{title}}</c>, <c>{{detail}}</c>, <c>{{stage}}</c>, <c>{{error}}</c>, <c>{{rule}}</c>, <c>{{host}}</c>, <c>{{path}}</c>. Every value is escaped for HTML text and quoted attributes, and
/// none is looked through for placeholders again: host and path are the client's.
/// </summary>
internal static class PageText
{
    public const string Type = "text/html; charset=utf-8";

    private const int MostOfClient = 512;

    public static byte[] Of(string page, ForwardError error, HttpRequest request)
    {
        var text = new StringBuilder(page.Length + 128);
        var at = 0;
        while (page.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open && page.IndexOf("}}", open, StringComparison.Ordinal) is >= 0 and var close)
        {
            text.Append(page, at, open - at);
            if (Value(page.AsSpan(open + 2, close - open - 2).Trim(), error, request) is { } value) text.Append(HtmlEncoder.Default.Encode(value));
            else text.Append(page, open, close + 2 - open);
            at = close + 2;
        }

        return Encoding.UTF8.GetBytes(text.Append(page, at, page.Length - at).ToString());
    }

    private static string? Value(ReadOnlySpan<char> name, ForwardError error, HttpRequest request) => name switch
    {
        "status" => error.Status.ToString(CultureInfo.InvariantCulture),
        "title" => ReasonPhrases.GetReasonPhrase(error.Status),
        "detail" => error.Sentence,
        "stage" => error.Stage.Word(),
        "error" => error.Token,
        "rule" => (error as ForwardError.PolicyDenied)?.Rule ?? "",
        "host" => Short(request.Host.Value ?? ""),
        "path" => Short(request.Path.Value ?? ""),
        _ => null,
    };

    private static string Short(string text) => text.Length <= MostOfClient ? text : text[..MostOfClient];
}
