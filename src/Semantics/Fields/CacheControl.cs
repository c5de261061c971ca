using System.Collections.Immutable;

namespace Granary.Semantics.Fields;

/// <summary>
/// Cache-Control as a recipient should understand it (RFC 9111 §5.2): names without regard to case, arguments as token or
/// quoted-string, unknown directives ignored. Where directives repeat or conflict the most restrictive wins (§4.2.1), and a lifetime
/// that cannot be read counts as zero.
/// </summary>
public sealed partial class CacheControl
{
    /// <summary>A message without any directive.</summary>
    public static readonly CacheControl None = new();

    private CacheControl() { }

    public bool NoStore { get; private set; }

    /// <summary>no-cache without a list of fields.</summary>
    public bool NoCache { get; private set; }

    /// <summary>The fields of no-cache="…", empty if none (§5.2.2.4): they are left out of a response that is reused without validation.</summary>
    public ImmutableArray<string> NoCacheFields { get; private set; } = [];

    /// <summary>private without a list of fields.</summary>
    public bool Private { get; private set; }

    /// <summary>The fields of private="…", empty if none (§5.2.2.7).</summary>
    public ImmutableArray<string> PrivateFields { get; private set; } = [];

    public bool Public { get; private set; }

    public bool MustRevalidate { get; private set; }

    public bool ProxyRevalidate { get; private set; }

    public bool MustUnderstand { get; private set; }

    public bool NoTransform { get; private set; }

    public bool Immutable { get; private set; }

    public bool OnlyIfCached { get; private set; }

    public TimeSpan? MaxAge { get; private set; }

    public TimeSpan? SMaxAge { get; private set; }

    public TimeSpan? MinFresh { get; private set; }

    /// <summary>How stale the client accepts; <see cref="TimeSpan.MaxValue"/> for max-stale without an argument (§5.2.1.2).</summary>
    public TimeSpan? MaxStale { get; private set; }

    /// <summary>RFC 5861 §3.</summary>
    public TimeSpan? StaleWhileRevalidate { get; private set; }

    /// <summary>RFC 5861 §4.</summary>
    public TimeSpan? StaleIfError { get; private set; }

    /// <summary>Whether reuse needs a successful validation each time. In the qualified form of no-cache only its fields do (§5.2.2.4).</summary>
    public bool RequiresValidation => NoCache;

    /// <summary>Whether a shared cache may never reuse this stale without validation (§4.2.4): s-maxage implies proxy-revalidate (§5.2.2.10).</summary>
    public bool ForbidsStale => NoCache || !NoCacheFields.IsEmpty || MustRevalidate || ProxyRevalidate || SMaxAge is not null;

    /// <summary>Whether the origin lets a shared cache answer others with what an authorized client got (§3.5).</summary>
    public bool AllowsAuthorized => Public || MustRevalidate || SMaxAge is not null;

    /// <summary>What the field Cache-Control says.</summary>
    public static CacheControl OfResponse(FieldLines fields)
    {
        if (!fields.Has(FieldNames.CacheControl)) return None;
        if (fields.Single(FieldNames.CacheControl) is not { } value) return Read(fields);
        return Before.Find(value) ?? Before.Keep(value, Read(fields));
    }

    /// <summary>What holds for a cache with these targets: the first targeted field that is valid, else Cache-Control (RFC 9213 §2.2).</summary>
    public static CacheControl OfResponse(FieldLines fields, TargetList targets) => targets.PolicyIn(fields) ?? OfResponse(fields);

    /// <summary>Pragma: no-cache counts only where Cache-Control is absent (§5.4). In requests no-cache has no qualified form (§5.2.1.4).</summary>
    public static CacheControl OfRequest(FieldLines fields)
    {
        if (fields.Has(FieldNames.CacheControl))
        {
            var read = Read(fields);
            read.NoCache |= !read.NoCacheFields.IsEmpty;
            return read;
        }

        return HasPragmaNoCache(fields) ? PragmaNoCache : None;
    }

    private static readonly ReadBefore<CacheControl> Before = new();

    private static readonly CacheControl PragmaNoCache = new() { NoCache = true };

    private static bool HasPragmaNoCache(FieldLines fields)
    {
        foreach (var member in new ListMembers(fields, FieldNames.Pragma))
            if (member.Equals("no-cache", StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
