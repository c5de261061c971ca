using System.Net;

namespace Granary.Edge.Access;

/// <summary>A trusted proxy has said who the client is; this is what its own connection was.</summary>
internal sealed record ToldClient(IPAddress Peer, string Scheme, Silo.Configuration.TrustedField Field);
