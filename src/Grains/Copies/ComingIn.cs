namespace Granary.Grains.Copies;

/// <summary>A copy on its way into this silo, or the question for one.</summary>
/// <param name="source">The content that it is a copy of; null for a question.</param>
internal sealed class ComingIn(string uri, CopySource? source)
{
    private volatile bool _isOutdated;

    public string Uri { get; } = uri;

    public CopySource? Source { get; } = source;

    /// <summary>An invalidation came after it was listed: it is not stored (P2).</summary>
    public bool IsOutdated => _isOutdated;

    /// <summary>When its content is over, one way or the other.</summary>
    public TaskCompletionSource<CopyOutcome> Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Outdate() => _isOutdated = true;
}
