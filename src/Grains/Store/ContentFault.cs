namespace Granary.Grains.Store;

/// <summary>Why a content will never be read to its end.</summary>
public enum ContentFault
{
    /// <summary>The writer could not go on; the inner exception, if any, says why.</summary>
    WriterFailed,

    /// <summary>More came than was declared.</summary>
    LongerThanDeclared,

    /// <summary>The writer ended before all that was declared had come.</summary>
    ShorterThanDeclared,

    /// <summary>The writer was let go without saying whether the content was whole.</summary>
    Abandoned,

    /// <summary>Nothing is kept and nobody reads any more.</summary>
    ReadersGone,

    /// <summary>Nobody came to read before the time was over.</summary>
    Unclaimed,

    /// <summary>This reader held up the writer while others waited.</summary>
    ReaderStalled,

    /// <summary>The store had no room for the next segment for too long.</summary>
    NoRoom,

    /// <summary>The store was shut.</summary>
    StoreClosed,
}
