using System.Collections.Immutable;
using Granary.Semantics.Codings;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;

namespace Granary.Edge.Rules.Compression;

/// <summary>Which answers are compressed, as the settings say it at one moment.</summary>
internal sealed class CompressionRules(CompressionSettings settings)
{
    private readonly MediaTypes _types = new(settings.Types);

    // What this platform does not have is left out without a word.
    private readonly ImmutableArray<string> _offered = [.. settings.Codings.Where(static token => ContentCodings.Of(token) is not null)];

    public CompressionSettings Settings => settings;

    /// <param name="length">Of the content; null where it is not known yet.</param>
    /// <param name="accepted">Accept-Encoding of the client.</param>
    public CodingChoice Choose(ResponseHead head, long? length, string? accepted, bool mayBeCoded)
    {
        if (WhyNever(head) is { } never) return CodingChoice.Without(never);
        if (length < settings.MinSize && !AcceptedCodings.ForbidIdentity(accepted)) return CodingChoice.Without(NotCompressed.TooSmall);
        return mayBeCoded && ContentCodings.Of(AcceptedCodings.Choose(accepted, _offered)) is { } coding
            ? CodingChoice.Of(coding)
            : CodingChoice.Without(NotCompressed.NotAccepted);
    }

    /// <summary>RFC 9110 §7.7, RFC 9111 §5.2.2.6: what no client gets compressed.</summary>
    public NotCompressed? WhyNever(ResponseHead head)
    {
        if (head.Status is not (200 or 203 or 403 or 404 or 410)) return NotCompressed.Status;
        string? type = null;
        foreach (var line in head.Fields)
        {
            if (line.Is(FieldNames.ContentEncoding)) return NotCompressed.AlreadyCoded;
            if (line.Is(FieldNames.CacheControl) && line.Value.Contains("no-transform", StringComparison.OrdinalIgnoreCase)) return NotCompressed.NoTransform;
            if (line.Is(FieldNames.ContentRange)) return NotCompressed.PartOfContent;
            if (line.Is(FieldNames.Trailer)) return NotCompressed.HasTrailers; // a digest may follow
            if (!line.Is(FieldNames.ContentType)) continue;
            if (type is not null) return NotCompressed.MediaType;
            type = line.Value;
        }

        return _types.Hold(type) ? null : NotCompressed.MediaType;
    }
}
