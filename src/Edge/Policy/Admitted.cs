using System.Net;
using Granary.Edge.Errors;

namespace Granary.Edge.Policy;

/// <summary>What the policy has made of a request.</summary>
internal abstract record Admitted
{
    private Admitted()
    {
    }

    /// <summary>It may go on. Disposed when it has ended.</summary>
    /// <param name="Addresses">Those that were judged; null if nobody asked for them.</param>
    public sealed record In(IPAddress[]? Addresses, IDisposable? Permit) : Admitted, IDisposable
    {
        public void Dispose() => Permit?.Dispose();
    }

    public sealed record Refused(ForwardError Why) : Admitted;

    public sealed record Redirected(string To, int Status) : Admitted;
}
