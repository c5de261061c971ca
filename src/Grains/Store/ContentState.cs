namespace Granary.Grains.Store;

/// <summary>How far the one writer of a content has come.</summary>
public enum ContentState : byte
{
    Arriving,
    Complete,
    Failed,
}
