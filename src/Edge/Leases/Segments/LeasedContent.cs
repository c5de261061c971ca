using System.Globalization;
using Granary.Grains.Copies;
using Granary.Grains.Resources;

namespace Granary.Edge.Leases.Segments;

/// <summary>A content that is too large to be leased whole: the edge has the head, and segments of it as they are asked for.</summary>
/// <param name="uri">The key under which its response is leased.</param>
/// <param name="at">Where all of it lies.</param>
/// <param name="source">Names these bytes wherever they lie and are copied to: no segment can be taken for one of another content (P4).</param>
internal sealed class LeasedContent(string uri, ContentAddress at, CopySource source)
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"segment {source.Endpoint} {source.Id} ");

    public string Uri => uri;

    public ContentAddress At => at;

    public long Length { get; } = at.Length!.Value;

    /// <summary>Held while somebody looks for a segment and begins to fill it if there is none.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Nothing stored had it when it was looked at last.</summary>
    public bool IsUnreferenced { get; set; }

    /// <summary>No URI has a space in it.</summary>
    public string KeyOf(long index) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{index}");
}
