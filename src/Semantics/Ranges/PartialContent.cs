using System.Globalization;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Semantics.Ranges;

/// <summary>Why a 206 is not taken as a part of a representation.</summary>
public enum NotAPart
{
    /// <summary>Not 206.</summary>
    OtherStatus,

    /// <summary>No Content-Range, more than one, or one that is not valid (RFC 9110 §14.4); multipart/byteranges has none.</summary>
    NoContentRange,

    /// <summary>The complete length is not said, so nothing can be counted from the end or called complete.</summary>
    UnknownCompleteLength,

    /// <summary>The framing announces another number of bytes than Content-Range does.</summary>
    LengthDiffers,

    /// <summary>It begins elsewhere, or ends later, than was asked.</summary>
    NotAsked,
}

/// <summary>What a 206 with one range holds. RFC 9110 §15.3.7.1, RFC 9111 §3.3.</summary>
public readonly record struct PartialContent(ByteRange Range, long CompleteLength)
{
    /// <param name="contentLength">What the framing announces, null where only the end will tell.</param>
    public static NotAPart? WhyNot(ResponseHead response, long? contentLength, RangeSpec asked, out PartialContent part)
    {
        part = default;
        if (response.Status != 206) return NotAPart.OtherStatus;
        if (response.Fields.Single(FieldNames.ContentRange) is not { } text) return NotAPart.NoContentRange;
        if (!ContentRange.TryParse(text, out var range, out var complete)) return NotAPart.NoContentRange;
        if (complete is not { } length) return NotAPart.UnknownCompleteLength;
        if (contentLength is { } framed && framed != range.Length) return NotAPart.LengthDiffers;
        if (!asked.IsAnsweredBy(range, length)) return NotAPart.NotAsked;
        part = new PartialContent(range, length);
        return null;
    }

    /// <summary>
    /// The head of the 200 that this is a part of: what is stored, selected and evaluated (RFC 9111 §3.4: a combined response is a 200 once it is complete).
    /// </summary>
    public ResponseHead AsComplete(ResponseHead partial) => new(
        200,
        partial.Fields.Without(FieldNames.ContentRange).With(FieldNames.ContentLength, CompleteLength.ToString(CultureInfo.InvariantCulture)));
}
