using System.Collections.Immutable;
using System.Net.Http.Headers;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>Reads the head of what <see cref="HttpClient"/>'s handler received, values as raw Latin-1, repeated lines in order.</summary>
public static class OriginResponse
{
    public static ResponseHead HeadOf(HttpResponseMessage response)
    {
        var (fields, ofContent) = (response.Headers.NonValidated, response.Content.Headers.NonValidated);
        var lines = ImmutableArray.CreateBuilder<FieldLine>(fields.Count + ofContent.Count); // as many as there are, unless some are repeated
        Add(lines, fields);
        Add(lines, ofContent);
        return new ResponseHead((int)response.StatusCode, new FieldLines(lines.DrainToImmutable()), response.ReasonPhrase);
    }

    private static void Add(ImmutableArray<FieldLine>.Builder lines, HttpHeadersNonValidated received)
    {
        foreach (var field in received)
            foreach (var value in field.Value)
                lines.Add(new FieldLine(field.Key, value));
    }
}
