using System.Collections.Immutable;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Names;
using Granary.Grains.Egress.Parents;

namespace Granary.Grains.Egress;

/// <summary>How connections leave this process.</summary>
public sealed record EgressOptions
{
    public static readonly EgressOptions Default = new();

    public NameOptions Names { get; init; } = NameOptions.Default;

    public DialOptions Dialing { get; init; } = DialOptions.Default;

    /// <summary>The addresses that connections to what clients name come from; null: the system chooses.</summary>
    public SourceAddresses? From { get; init; }

    /// <summary>Proxies between here and what clients name. The first group that serves a host has it; a host of none is gone to directly. Default none.</summary>
    public ImmutableArray<ParentGroup> Parents { get; init; } = [];

    /// <summary>Our name in <c>Via</c>, for a CONNECT that goes to a parent.</summary>
    public string Pseudonym { get; init; } = "granary";
}
