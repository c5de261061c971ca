using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Granary.Grains.Leases;

/// <summary>
/// Which sessions may hold a URI. Eight bytes of each, in two generations by time: what is listed is known for <see cref="LeaseOptions.HeldFor"/> at least, and forgotten after twice that at most. URIs that fall
/// together are recalled together: a recall too many, never one too few. One look-up, however many edges there are.
/// </summary>
/// <param name="capacity">Pairs of URI and session in a generation.</param>
internal sealed class Holdings(TimeProvider clock, int capacity = 1 << 18)
{
    private readonly Lock _gate = new();
    private Dictionary<ulong, Session[]> _younger = [];
    private Dictionary<ulong, Session[]> _older = [];
    private long _began = clock.GetTimestamp();
    private int _pairs;
    private volatile bool _isEmpty = true;

    /// <summary>URIs, those counted twice that were listed again.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Age_NeedsLock();
                return _younger.Count + _older.Count;
            }
        }
    }

    /// <summary>As far as can be seen without waiting: for what need not be certain.</summary>
    public bool IsEmpty => _isEmpty;

    /// <returns>False if there is no room.</returns>
    public bool TryList(string uri, Session session)
    {
        lock (_gate)
        {
            Age_NeedsLock();
            var key = KeyOf(uri);
            var holders = _younger.GetValueOrDefault(key, []);
            if (holders.Contains(session)) return true;
            if (_pairs >= capacity) return false;
            _younger[key] = holders.Length == 0 ? session.Itself : [.. holders, session];
            _pairs++;
            _isEmpty = false;
            return true;
        }
    }

    public Session[] Of(string uri)
    {
        lock (_gate)
        {
            Age_NeedsLock();
            var key = KeyOf(uri);
            var younger = _younger.GetValueOrDefault(key, []);
            var older = _older.GetValueOrDefault(key, []);
            return younger.Length == 0 ? older : older.Length == 0 ? younger : [.. younger.Union(older)];
        }
    }

    private void Age_NeedsLock()
    {
        var elapsed = clock.GetElapsedTime(_began);
        if (elapsed < LeaseOptions.HeldFor) return;
        _older = elapsed < LeaseOptions.HeldFor * 2 ? _younger : [];
        _younger = [];
        _pairs = 0;
        _isEmpty = _older.Count == 0;
        _began = clock.GetTimestamp();
    }

    private static ulong KeyOf(string uri) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(uri.AsSpan()));
}
