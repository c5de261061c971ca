using Granary.Grains.Resources;

namespace Granary.Grains.Store;

/// <summary>The content of a stored response whose head only is here.</summary>
internal sealed record ContentElsewhere(ContentAddress Address);
