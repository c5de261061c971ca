using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>
/// Names and values that many heads have, by number, so that a head in bytes (<see cref="PackedHead"/>) needs one or two for each. A number says the same for as long as the process lives: what
/// has one is never forgotten, so only what was often seen gets one, and there is an end to it. Safe for many threads; who looks up takes no lock.
/// </summary>
internal static class KnownTexts
{
    private const int Most = 4096;
    private const int Longest = 512;
    private const int MostCharacters = 256 * 1024;
    private const int Sightings = 8;
    private const int Watched = 1 << 12;

    private static readonly Lock Gate = new();
    private static readonly string[] Texts = new string[Most];
    private static readonly int[] Places = new int[Most * 4]; // numbers by hash, the next place if one is taken; 0: none
    private static readonly uint[] Seen = new uint[Watched];
    private static int _count;
    private static int _characters;

    static KnownTexts()
    {
        foreach (var text in Usual.Texts) Add(text);
    }

    /// <summary>Counts from 1.</summary>
    public static string Of(int number) => Texts[number - 1];

    /// <returns>0: it has none.</returns>
    public static int NumberOf(string text)
    {
        if (text.Length > Longest) return 0;
        for (var place = (uint)text.GetHashCode(StringComparison.Ordinal) % (uint)Places.Length; ; place = (place + 1) % (uint)Places.Length)
        {
            var number = Volatile.Read(ref Places[place]);
            if (number == 0 || Texts[number - 1] == text) return number;
        }
    }

    /// <summary>The same for what may be common to many: once it was seen often enough it gets a number.</summary>
    public static int NumberOfSeen(string text)
    {
        var number = NumberOf(text);
        return number != 0 || text.Length > Longest || _count >= Most || !IsOftenSeen(text) ? number : Add(text);
    }

    // A fingerprint beside a count; those that fall together take each other's place.
    private static bool IsOftenSeen(string text)
    {
        var hash = (uint)text.GetHashCode(StringComparison.Ordinal);
        ref var seen = ref Seen[hash % Watched];
        var fingerprint = hash & ~0xFu;
        seen = (seen & ~0xFu) == fingerprint ? seen + 1 : fingerprint + 1;
        return (seen & 0xF) >= Sightings;
    }

    private static int Add(string text)
    {
        lock (Gate)
        {
            if (NumberOf(text) is > 0 and var known) return known;
            if (_count == Most || _characters + text.Length > MostCharacters) return 0;
            _characters += text.Length;
            Texts[_count] = text;
            var place = (uint)text.GetHashCode(StringComparison.Ordinal) % (uint)Places.Length;
            while (Places[place] != 0) place = (place + 1) % (uint)Places.Length;
            Volatile.Write(ref Places[place], ++_count); // after the text
            return _count;
        }
    }

    private static class Usual
    {
        public static readonly string[] Texts =
        [
            FieldNames.Date, FieldNames.ContentType, FieldNames.ContentLength, FieldNames.CacheControl, FieldNames.ETag, FieldNames.LastModified, FieldNames.Expires, FieldNames.Vary, FieldNames.AcceptRanges,
            FieldNames.ContentEncoding, "Server", "OK", FieldNames.AcceptEncoding, "bytes", "gzip", "br", FieldNames.Link, FieldNames.Via, FieldNames.CacheStatus, "Access-Control-Allow-Origin", "*",
            "X-Content-Type-Options", "nosniff", "Strict-Transport-Security", "max-age=31536000", "max-age=31536000; includeSubDomains", "max-age=3600", "public, max-age=31536000, immutable",
            "text/html; charset=utf-8", "text/plain", "text/css", "application/json", "application/javascript", "text/javascript", "image/png", "image/jpeg", "image/webp", "image/svg+xml", "font/woff2",
            "Surrogate-Key", FieldNames.CdnCacheControl, FieldNames.ContentLanguage, FieldNames.Location, FieldNames.SetCookie, "X-Frame-Options", "SAMEORIGIN", "DENY", "Referrer-Policy",
            "Content-Security-Policy", "Content-Disposition", "Timing-Allow-Origin", "X-Request-Id", "X-Powered-By", "Alt-Svc", "nginx", "Apache", "utf-8", "Not Found", "Not Modified",
            "date", "content-type", "content-length", "cache-control", "etag", "last-modified", "expires", "vary", "accept-ranges", "content-encoding", "server", "link", "via", "location", "set-cookie",
            "access-control-allow-origin", "x-content-type-options", "strict-transport-security", "surrogate-key", "x-frame-options", "content-security-policy", "x-request-id", "alt-svc", "accept-encoding",
        ];
    }
}
