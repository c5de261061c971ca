using Granary.Grains.Resources;

namespace Granary.Grains.Copies;

/// <summary>Reads contents that other silos have.</summary>
internal interface IContentPort
{
    /// <summary>The content from that byte on, as it arrives; null if it is gone. It ends early only by an exception.</summary>
    /// <exception cref="HttpRequestException">The silo cannot be asked.</exception>
    Task<Stream?> Open(ContentAddress content, long from, CancellationToken cancellationToken);
}
