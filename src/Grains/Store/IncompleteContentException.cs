namespace Granary.Grains.Store;

/// <summary>The content ends here and is not whole: what was passed on already must end visibly early (P4).</summary>
public sealed class IncompleteContentException : IOException
{
    public IncompleteContentException(ContentFault fault, Exception? cause = null)
        : base($"The content is incomplete: {fault}.", cause) => Fault = fault;

    public IncompleteContentException()
        : this(ContentFault.WriterFailed)
    {
    }

    public IncompleteContentException(string message)
        : base(message)
    {
    }

    public IncompleteContentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ContentFault Fault { get; }
}
