namespace Granary.Grains.Store;

/// <summary>Where the content of a part lies in the representation it is a part of. RFC 9111 §3.3.</summary>
/// <param name="First">Position of its first byte.</param>
public readonly record struct PartPosition(long First, long CompleteLength);
