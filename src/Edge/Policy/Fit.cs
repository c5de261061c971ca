namespace Granary.Edge.Policy;

/// <summary>How a criterion stands to a request.</summary>
internal enum Fit
{
    No,
    Yes,

    /// <summary>The host has to be resolved first.</summary>
    NeedsAddresses,

    /// <summary>It is up to a list that has never been loaded, and then the request is denied.</summary>
    ListMissing,
}
