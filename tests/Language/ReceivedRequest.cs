using Granary.Semantics.Fields;

namespace Granary.Language;

/// <summary>A request as the origin received it, byte for byte.</summary>
public sealed record ReceivedRequest(string Method, string Target, FieldLines Fields, byte[] Content, long ContentLength)
{
    public string ContentText => System.Text.Encoding.Latin1.GetString(Content);
}
