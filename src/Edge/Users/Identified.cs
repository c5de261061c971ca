using Granary.Edge.Errors;

namespace Granary.Edge.Users;

/// <summary>What is known of who a client is.</summary>
internal abstract record Identified
{
    /// <summary>It has not said, and need not.</summary>
    public static readonly Identified Nobody = new As(null);

    private Identified()
    {
    }

    public sealed record As(ClientIdentity? Who) : Identified;

    public sealed record Refused(ForwardError Why) : Identified;
}
