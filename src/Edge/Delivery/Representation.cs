using System.Security.Cryptography;
using Granary.Edge.Rules.Compression;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Preconditions;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Delivery;

/// <summary>What the client is sent of a stored response: the whole, a 304, one range, several, or 416.</summary>
/// <param name="Length">Content-Length to state; null where the head's own stands or none is known.</param>
internal sealed record Representation(ResponseHead Head, IReadOnlyList<Part> Parts, long? Length)
{
    /// <summary>What becomes of its content on the way out.</summary>
    public CodingChoice Coding { get; init; } = CodingChoice.None;

    /// <summary>A coded content: not known how long it will be.</summary>
    public bool IsCoded => Coding.Coding is not null && Head.Status != StatusCodes.Status304NotModified;

    /// <summary>The same in a coding. A part is never coded, but that the whole might have been is to be told.</summary>
    public Representation In(CodingChoice coding) => coding.Coding is null
        ? this with { Coding = coding }
        : Head.Status is StatusCodes.Status206PartialContent or StatusCodes.Status416RangeNotSatisfiable
            ? this with { Coding = CodingChoice.Without(NotCompressed.NotAccepted) }
            : this with { Coding = coding, Length = null };

    /// <summary>RFC 9110 §15.4.5.</summary>
    public static Representation NotModified(ResponseHead selected) =>
        new(new ResponseHead(304, Preconditions.NotModifiedFields(selected.Fields)), [], null);

    public static Representation Of(ResponseHead selected, RangeOutcome range, long? length) => range switch
    {
        RangeOutcome.Single single => Single(selected, single, length!.Value),
        RangeOutcome.Multiple multiple => Multiple(selected, multiple, length!.Value),
        RangeOutcome.Unsatisfiable => Unsatisfiable(selected, length!.Value),
        _ => Whole(selected, length),
    };

    private static Representation Whole(ResponseHead selected, long? length)
    {
        var mayHaveContent = selected.Status != 304 && ResponseFields.StatusAllowsContent(selected.Status);
        return new Representation(selected, mayHaveContent ? [Part.OfContent(0, null)] : [], mayHaveContent ? length : null);
    }

    /// <summary>RFC 9110 §15.3.7.1.</summary>
    private static Representation Single(ResponseHead selected, RangeOutcome.Single range, long complete)
    {
        var fields = selected.Fields.With(FieldNames.ContentRange, ContentRange.Of(range.First, range.Last, complete));
        var length = range.Last - range.First + 1;
        return new Representation(new ResponseHead(206, fields.Without(FieldNames.ContentLength)), [Part.OfContent(range.First, length)], length);
    }

    /// <summary>RFC 9110 §15.3.7.2.</summary>
    private static Representation Multiple(ResponseHead selected, RangeOutcome.Multiple ranges, long complete)
    {
        var boundary = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        var multipart = new MultipartByteRanges(boundary, selected.Fields.First(FieldNames.ContentType), ranges.Ranges, complete);
        var parts = new List<Part>(2 * ranges.Ranges.Count + 1);
        for (var i = 0; i < multipart.Parts.Count; i++)
        {
            parts.Add(Part.OfText(multipart.PartHead(i)));
            parts.Add(Part.OfContent(multipart.Parts[i].First, multipart.Parts[i].Length));
        }

        parts.Add(Part.OfText(multipart.Close));
        var fields = selected.Fields.With(FieldNames.ContentType, multipart.ContentType).Without(FieldNames.ContentLength);
        return new Representation(new ResponseHead(206, fields), parts, multipart.TotalLength);
    }

    /// <summary>RFC 9110 §15.5.17.</summary>
    private static Representation Unsatisfiable(ResponseHead selected, long complete)
    {
        var fields = Preconditions.NotModifiedFields(selected.Fields).With(FieldNames.ContentRange, ContentRange.Unsatisfied(complete));
        return new Representation(new ResponseHead(416, fields), [], 0);
    }
}
