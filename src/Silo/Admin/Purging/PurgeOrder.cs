using System.Collections.Immutable;
using Granary.Grains.Groups;

namespace Granary.Silo.Admin.Purging;

/// <summary>What a call of <c>POST /purge</c> says.</summary>
/// <param name="Kind">The word that the call used: <c>url</c>, <c>urls</c>, <c>tag</c> and so on.</param>
/// <param name="Shown">For the log: printable and bounded.</param>
/// <param name="Uris">Cache keys; empty if it is about a scope.</param>
internal sealed record PurgeOrder(string Kind, string Shown, ImmutableArray<string> Uris, Scope? Scope, bool IsSoft);

/// <summary>A call as it was understood, or what to write instead.</summary>
internal abstract record PurgeReading
{
    private PurgeReading()
    {
    }

    public sealed record Understood(PurgeOrder Order) : PurgeReading;

    public sealed record Mistaken(string Instead) : PurgeReading;
}
