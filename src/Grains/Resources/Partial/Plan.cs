using Granary.Semantics.Ranges;
using Granary.Semantics.Reusability;

namespace Granary.Grains.Resources.Partial;

/// <summary>What parts do for a question.</summary>
internal abstract record Plan
{
    private Plan()
    {
    }

    /// <summary>Nothing: it is a question for the whole response.</summary>
    public sealed record None : Plan
    {
        public static readonly None Instance = new();
    }

    /// <summary>All that is wanted is there and may be reused.</summary>
    /// <param name="FreshenBehind">It is validated afterwards, without letting the client wait (RFC 5861 §3).</param>
    public sealed record Serve(PartSet Set, IReadOnlyList<ByteRange> Wanted, bool FreshenBehind = false) : Plan;

    /// <summary>The origin is asked for these ranges, or whether what is offered still holds.</summary>
    /// <param name="Known">The parts that are there already.</param>
    /// <param name="Stale">What could be served if the origin is in trouble.</param>
    public sealed record Ask(
        IReadOnlyList<PartRequest> Requests, Offer Offer, ForwardReason Why, PartSet? Known = null, Serve? Stale = null) : Plan;

    /// <summary>The edge forwards the question.</summary>
    public sealed record Pass(string Detail) : Plan;
}
