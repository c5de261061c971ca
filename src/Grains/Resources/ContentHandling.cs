using Granary.Grains.Store;

namespace Granary.Grains.Resources;

internal static class ContentHandling
{
    public static ContentAddress Address(this Content content) => new(content.Id, content.Length);

    /// <summary>Nobody will read it: its writer is told so at once instead of waiting for a reader.</summary>
    public static void Abandon(this Content content) => content.TryOpenReader()?.Dispose();
}
