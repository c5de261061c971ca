namespace Granary.Edge.Rules.Limits;

/// <summary>What one client has had of a limit. To be locked while it is read or written.</summary>
internal sealed class Share
{
    /// <summary>When a bucket of tokens is full again.</summary>
    public double FullAt { get; set; }

    /// <summary>The window that <see cref="Now"/> counts.</summary>
    public long At { get; set; }

    /// <summary>Requests in the window, or under way.</summary>
    public int Now { get; set; }

    /// <summary>Requests in the window before.</summary>
    public int Before { get; set; }

    /// <summary>It has been let go: whoever still has it must get another one.</summary>
    public bool IsGone { get; set; }
}
