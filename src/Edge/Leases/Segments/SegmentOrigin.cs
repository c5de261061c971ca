namespace Granary.Edge.Leases.Segments;

/// <summary>Where a segment that was wanted came from.</summary>
internal enum SegmentOrigin
{
    /// <summary>It was here, or on its way here for somebody else.</summary>
    Here,

    /// <summary>Read from the silo, and kept if there is room.</summary>
    Silo,
}
