using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Granary.Edge.Figures;

/// <summary>
/// Which URLs were asked for most in about the last minute, counted only while somebody looks. Bounded: URLs that fall together contend for one place, in which each one's request takes away
/// from the other's count, so what is asked for often stays (Misra and Gries, 1982).
/// </summary>
internal sealed class HotUrls
{
    private const int Places = 1 << 11;

    /// <summary>Longer ones are not listed: a URL is what a client sends.</summary>
    private const int Longest = 1024;

    private volatile Place[]? _places;

    public bool IsOn => _places is not null;

    public void Begin() => _places ??= [.. Enumerable.Range(0, Places).Select(static _ => new Place())];

    public void End() => _places = null;

    /// <param name="key">The cache key of what is asked for.</param>
    public void Note(string key)
    {
        if (_places is not { } places || key.Length > Longest) return;
        places[XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan())) % Places].Add(key);
    }

    public void Fade()
    {
        foreach (var place in _places ?? []) place.Fade();
    }

    public ImmutableArray<(string Key, double Requests)> Top(int most) =>
        [.. (_places ?? []).Select(static place => place.Now).Where(static one => one.Requests >= 0.5).OrderByDescending(static one => one.Requests).ThenBy(static one => one.Key, StringComparer.Ordinal).Take(most)];

    private sealed class Place
    {
        private readonly Lock _gate = new();
        private string _key = "";
        private double _count;

        public (string Key, double Requests) Now
        {
            get
            {
                lock (_gate) return (_key, _count);
            }
        }

        public void Add(string key)
        {
            lock (_gate)
            {
                if (_key == key) _count++;
                else if (_count >= 1) _count--;
                else (_key, _count) = (key, 1);
            }
        }

        public void Fade()
        {
            lock (_gate)
                if ((_count *= Fading.Kept) < 0.1) (_key, _count) = ("", 0);
        }
    }
}
