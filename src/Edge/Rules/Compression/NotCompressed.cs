namespace Granary.Edge.Rules.Compression;

/// <summary>Why an answer goes out as it is. Up to <see cref="TooSmall"/> the answer of this resource is never another one; from there on it depends on the client.</summary>
internal enum NotCompressed
{
    SwitchedOff,
    Status,
    AlreadyCoded,
    NoTransform,
    PartOfContent,
    HasTrailers,
    MediaType,
    TooSmall,

    /// <summary>The client likes it better as it is, or understands nothing else.</summary>
    NotAccepted,

    /// <summary>Too many contents are being compressed at this moment.</summary>
    Busy,
}
