using System.Collections.Immutable;
using System.Net;

namespace Granary.Language;

/// <summary>
/// A Granary that runs somewhere else, to which the cases are put instead of one in this process: <c>GRANARY_TARGET=URL[;URL]</c>, where several addresses are edges of one
/// cluster. With <c>GRANARY_TARGET_ORIGIN=URL</c> it is a reverse proxy of that origin, which the cases listen on; without, a forward proxy that may go to loopback.
/// </summary>
public sealed class Target
{
    private readonly ImmutableArray<Uri> _addresses;
    private int _asked;

    private Target(ImmutableArray<Uri> addresses, Uri? origin) => (_addresses, Origin) = (addresses, origin);

    public static Target? Configured { get; } = Environment.GetEnvironmentVariable("GRANARY_TARGET") is { Length: > 0 } addresses
        ? new Target(
            [.. addresses.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static address => new Uri(address))],
            Environment.GetEnvironmentVariable("GRANARY_TARGET_ORIGIN") is { Length: > 0 } origin ? new Uri(origin) : null)
        : null;

    /// <summary>The origin it was configured with; null for a forward proxy.</summary>
    public Uri? Origin { get; }

    /// <summary>Where the cases must be the origin.</summary>
    public IPEndPoint OriginEndPoint => Origin is null ? new IPEndPoint(IPAddress.Loopback, 0)
        : new IPEndPoint(Origin.IsLoopback ? IPAddress.Loopback : IPAddress.Any, Origin.Port);

    /// <summary>A client that puts each request to the next address.</summary>
    public Client Client(Origin origin, string scene, Version? version) => Origin is null
        ? new Client(path => new Uri(origin.Url + scene + path), version, new InTurn(this))
        : new Client(path => new Uri(Next(), scene + path), version, host: _addresses[0].Authority); // one site, whichever edge is asked

    private Uri Next() => _addresses[(int)((uint)Interlocked.Increment(ref _asked) % (uint)_addresses.Length)];

    private sealed class InTurn(Target target) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => target.Next();

        public bool IsBypassed(Uri host) => false;
    }
}
