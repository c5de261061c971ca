using System.Net.Security;
using System.Security.Cryptography;
using Granary.Silo.Configuration;

namespace Granary.Edge.Inspection;

/// <summary>
/// The certificates of hosts, in bounded room: the one that was not used for longest goes first. Who asks for one that is being made waits for it; as many as there are processors are made at a time. Those of an
/// authority that is no more are none, and in the second half of its life one is made anew.
/// </summary>
internal sealed class LeafCertificates(SigningAuthority authority, Func<InspectionSettings> settings, InspectionMeter meter, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Leaf>> _byHost = new(StringComparer.Ordinal);
    private readonly LinkedList<Leaf> _recent = [];
    private readonly SemaphoreSlim _turns = new(Environment.ProcessorCount);

    public int Count
    {
        get
        {
            lock (_gate) return _byHost.Count;
        }
    }

    /// <param name="host">In the form of HostName.</param>
    /// <returns>Null: there is nobody to sign it.</returns>
    /// <exception cref="CryptographicException">The authority cannot.</exception>
    public Task<SslStreamCertificateContext>? For(string host)
    {
        if (authority.Current() is not { } signing) return null;
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (_byHost.TryGetValue(host, out var known))
            {
                _recent.Remove(known);
                if (known.Value.Holds(signing, now))
                {
                    _recent.AddFirst(known);
                    meter.Cached();
                    return known.Value.Context;
                }
            }

            // Elsewhere: what is under the lock ends at once.
            var leaf = new Leaf(host, signing, now + (LeafCertificate.Lifetime / 2), Task.Run(() => Mint(signing, host, now)));
            _byHost[host] = _recent.AddFirst(leaf);
            Trim_NeedsGate();
            return leaf.Context;
        }
    }

    public void Dispose() => _turns.Dispose();

    // Those that go may be in a handshake: they are left to the garbage collector.
    private void Trim_NeedsGate()
    {
        for (var most = settings().MaxCertificates; _byHost.Count > most; _recent.RemoveLast()) _byHost.Remove(_recent.Last!.Value.Host);
    }

    private async Task<SslStreamCertificateContext> Mint(Signing signing, string host, DateTimeOffset now)
    {
        await _turns.WaitAsync();
        try
        {
            var leaf = LeafCertificate.Mint(signing.Certificate, host, now);
            meter.Minted();
            return SslStreamCertificateContext.Create(leaf, signing.Above, offline: true);
        }
        finally
        {
            _turns.Release();
        }
    }

    private sealed record Leaf(string Host, Signing By, DateTimeOffset Until, Task<SslStreamCertificateContext> Context)
    {
        public bool Holds(Signing signing, DateTimeOffset now) => ReferenceEquals(By, signing) && now < Until && now > Until - LeafCertificate.Lifetime && !Context.IsFaulted;
    }
}
