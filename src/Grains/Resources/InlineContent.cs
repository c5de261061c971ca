namespace Granary.Grains.Resources;

/// <summary>Content that travels inside an answer.</summary>
[GenerateSerializer, Immutable, Alias("granary.InlineContent")]
public sealed record InlineContent([property: Id(0)] byte[] Bytes);
