using System.Diagnostics.Metrics;

namespace Granary.Edge.Users;

/// <summary>Requests and tunnels of the forward proxy by what came of asking who it is. Nobody's name is in a metric.</summary>
internal sealed class UserMeter(IMeterFactory meters)
{
    private readonly Counter<long> _asked = meters.Create("Granary.Users").CreateCounter<long>("granary.users", "{request}", "Forward requests and tunnels, by what is known of who the client is.");

    public void Add(UserOutcome outcome) => _asked.Add(1, new KeyValuePair<string, object?>("outcome", Words[(int)outcome]));

    private static readonly string[] Words = [.. Enum.GetNames<UserOutcome>().Select(static name => name.ToLowerInvariant())];
}

/// <summary>What is known of a client.</summary>
internal enum UserOutcome
{
    Known,

    /// <summary>It has not said, and need not.</summary>
    Nobody,

    /// <summary>It has not said, and is asked.</summary>
    Asked,
    Wrong,

    /// <summary>Too many were to be verified at once.</summary>
    Busy,
}
