namespace Granary.Semantics.Framing;

/// <summary>Where the inspection stopped.</summary>
public enum FramingStep : byte
{
    /// <summary>All bytes are clean and no boundary was met.</summary>
    More,

    /// <summary>The start line ended with the last clean byte.</summary>
    StartLineEnded,

    /// <summary>The head ended with the last clean byte and content follows.</summary>
    HeadEnded,

    /// <summary>The head of an interim (1xx) response ended with the last clean byte.</summary>
    InterimEnded,

    /// <summary>The message, head and content, ended with the last clean byte.</summary>
    MessageEnded,

    /// <summary>What follows the last clean byte is no HTTP/1 and is not inspected any more.</summary>
    SteppedAside,

    /// <summary>The byte after the last clean byte violates the framing; nothing after it may be passed on.</summary>
    Refused,
}

/// <summary>The verdict on some bytes: the first <paramref name="Clean"/> of them may be passed on.</summary>
/// <remarks>The inspection stops at each boundary: ask again with the bytes behind the clean ones.</remarks>
public readonly record struct FramingVerdict(int Clean, FramingStep Step, FramingViolation Violation = FramingViolation.None);
