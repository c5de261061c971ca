using System.Collections.Immutable;

namespace Granary.Edge.Users;

/// <summary>Who a client has proved to be.</summary>
/// <param name="Name">As the authority that knows it writes it.</param>
/// <param name="Groups">Those it is a member of.</param>
public sealed record ClientIdentity(string Name, ImmutableArray<string> Groups);
