using System.Net;
using Granary.Edge.Errors;
using Granary.Edge.Policy.Bandwidth;
using Granary.Grains.Egress;

namespace Granary.Edge.Policy;

/// <summary>What the policy has made of a request.</summary>
internal abstract record Admitted
{
    private Admitted()
    {
    }

    /// <summary>It may go on. Disposed when it has ended.</summary>
    /// <param name="Addresses">Those that were judged; null if nobody asked for them.</param>
    /// <param name="Pace">Null for as fast as it goes.</param>
    /// <param name="Rule">What the operator calls the rule; null where there is no policy.</param>
    public sealed record In(IPAddress[]? Addresses, IDisposable? Permit, Pace? Pace = null, string? Rule = null) : Admitted, IDisposable
    {
        /// <summary>Where its connections come from; null: from where all do.</summary>
        public SourceAddresses? From { get; init; }

        /// <summary>It is a tunnel that is to be opened. What is asked in it has limits and paces of its own.</summary>
        public bool Inspects { get; init; }

        public void Dispose() => Permit?.Dispose();
    }

    public sealed record Refused(ForwardError Why) : Admitted;

    public sealed record Redirected(string To, int Status, string Rule) : Admitted;
}
