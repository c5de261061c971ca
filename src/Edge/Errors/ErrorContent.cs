using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Granary.Edge.Errors;

/// <summary>The content of an error: a problem of RFC 9457, or the same in plain text.</summary>
internal static class ErrorContent
{
    public const string ProblemType = "application/problem+json";
    public const string TextType = "text/plain; charset=utf-8";

    /// <summary>The type is about:blank, so the title is the status' own phrase (RFC 9457 §4.2.1); "error" tells the cases apart.</summary>
    public static byte[] Problem(ForwardError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "about:blank");
            json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(error.Status));
            json.WriteNumber("status"u8, error.Status);
            json.WriteString("detail"u8, error.Sentence);
            json.WriteString("stage"u8, error.Stage.Word());
            json.WriteString("error"u8, error.Token);
            if (error is ForwardError.PolicyDenied denied) json.WriteString("rule"u8, denied.Rule);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Text(ForwardError error) => Encoding.UTF8.GetBytes(
        $"{error.Status} {ReasonPhrases.GetReasonPhrase(error.Status)}\n{error.Sentence}\nstage: {error.Stage.Word()}\nerror: {error.Token}\n");
}
