using System.Collections.Immutable;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>The way out of the forward proxy, of tunnels and of fetches alike.</summary>
public sealed record EgressSettings
{
    /// <summary>Default none: the system chooses.</summary>
    [Sources("Addresses of this machine that connections to what clients name come from; a rule of the access policy may name others", NeedsRestart = true, DefaultText = "none: the system chooses")]
    public SourceAddresses? From { get; init; }

    /// <summary>Default IPv6First.</summary>
    [OneOf("Which families of addresses are connected to, and which first", typeof(AddressFamilies))]
    public AddressFamilies Families { get; init; }

    /// <summary>10 ms … 2 s (RFC 8305 §8). Default 250 ms.</summary>
    [Duration("How long one address of a name has before the next is tried beside it", "10ms", "2s")]
    public TimeSpan AttemptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>0 … 1 h. Default 1 min.</summary>
    [Duration("How long an address that could not be connected to is tried after the others", "0", "1h")]
    public TimeSpan AvoidFor { get; init; } = TimeSpan.FromMinutes(1);

    public EgressNameSettings Names { get; init; } = new();

    /// <summary>Default Keep.</summary>
    [OneOf("What other sites are told of the page that a client comes from, in Referer of forward requests: all, only its origin, its origin if it is of another site, or nothing", typeof(RefererPolicy))]
    public RefererPolicy Referer { get; init; }

    /// <summary>0 … 1,000; 0 is never. Default 2.</summary>
    [Count("Failures in a row that leave a parent out; 0 for never", 0, 1000, NeedsRestart = true)]
    public int ParentFailures { get; init; } = 2;

    /// <summary>100 ms … 1 d. Default 30 s.</summary>
    [Duration("How long it is left out before a connection tries it again", "100ms", "1d", NeedsRestart = true)]
    public TimeSpan ParentOutFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first that serves a host has it. Default none.</summary>
    public ImmutableArray<ParentSettings> Parents { get; init; } = [];
}

/// <summary>Name resolution.</summary>
public sealed record EgressNameSettings
{
    /// <summary>100 ms … 1 min. Default 5 s. Never longer than there is to connect.</summary>
    [Duration("Time for one look-up", "100ms", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>0 … 1 d. Default 30 s.</summary>
    [Duration("How long the addresses of a name are remembered; the resolver of the system does not tell how long they hold", "0", "1d")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>0 … 1 h. Default 5 s.</summary>
    [Duration("How long it is remembered that a name has no address, or could not be looked up", "0", "1h")]
    public TimeSpan KeepMissing { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>0 … 7 d. Default 0.</summary>
    [Duration("How much longer addresses are used when a look-up fails", "0", "7d")]
    public TimeSpan KeepStale { get; init; }

    /// <summary>1 … 10,000,000. Default 10,000.</summary>
    [Count("Names that are remembered", 1, 10_000_000)]
    public int Most { get; init; } = 10_000;

    /// <summary>1 … 4,096. Default 64.</summary>
    [Count("Look-ups at a time; each takes a thread", 1, 4096, NeedsRestart = true)]
    public int MostLookups { get; init; } = 64;
}

/// <summary>What Referer (RFC 9110 §10.1.3) says.</summary>
public enum RefererPolicy
{
    /// <summary>What the client sent.</summary>
    Keep,

    /// <summary>The origin of the page, not its path and query.</summary>
    Origin,

    /// <summary>All to the origin of the page itself, to others only that.</summary>
    CrossOrigin,

    /// <summary>Nothing.</summary>
    Remove,
}
