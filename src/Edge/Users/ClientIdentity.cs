using System.Collections.Immutable;

namespace Granary.Edge.Users;

/// <summary>Who a client is, as it has proved.</summary>
/// <param name="Name">1 to 255 characters, none of them a control character.</param>
/// <param name="Groups">Those that it is in, by the group file or by its token.</param>
public sealed record ClientIdentity(string Name, ImmutableArray<string> Groups);
