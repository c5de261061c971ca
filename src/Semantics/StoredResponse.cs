using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;
using Granary.Semantics.Validation;

namespace Granary.Semantics;

/// <summary>
/// A stored response without its content: what selection and reuse ask, read once so that a hit parses nothing of it.
/// Immutable; a validation makes a new one.
/// </summary>
public sealed partial class StoredResponse
{
    private const int MostAlsoNominated = 8;

    /// <summary>That of receipt, or one that seconds of 32 bits do not tell.</summary>
    private const uint AnotherDate = uint.MaxValue;

    // There are so many of them that each word counts: points in time are ticks of UTC, and what few have is apart.
    private readonly long _responseTime;
    private readonly TimeSpan _lifetime;
    private readonly string[]? _nominations;
    private readonly uint _date;
    private readonly byte _lifetimeSource;
    private readonly bool _isGet;
    private readonly bool _isTargeted;
    private readonly Rare? _rare;

    /// <summary>For restoring what was stored; a new response comes from <see cref="Of"/>.</summary>
    public StoredResponse(
        string targetUri, string method, FieldLines nominated, ResponseHead head,
        DateTimeOffset responseTime, TimeSpan initialAge, Lifetime lifetime, TargetList? targets = null)
    {
        targets ??= TargetList.Cdn;
        (TargetUri, Nominated, _head, InitialAge) = (targetUri, nominated, head, initialAge);
        (_responseTime, _lifetime, _lifetimeSource) = (responseTime.UtcTicks, lifetime.Value, (byte)lifetime.Source);
        (_isGet, _isTargeted) = (method == Methods.Get, targets.Equals(TargetList.Cdn));
        CacheControl = CacheControl.OfResponse(head.Fields, targets);
        var nominations = Nominations.Of(head.Fields);
        _nominations = nominations.IsEverything ? null : ImmutableCollectionsMarshal.AsArray(nominations.Names);
        var date = FreshnessLifetime.DateOf(head, responseTime).UtcDateTime;
        _date = (date - DateTime.UnixEpoch).Ticks is >= 0 and < AnotherDate * TimeSpan.TicksPerSecond and var ticks && ticks % TimeSpan.TicksPerSecond == 0 ? (uint)(ticks / TimeSpan.TicksPerSecond) : AnotherDate;
        var other = _date == AnotherDate && date.Ticks != _responseTime ? date : default(DateTime?);
        var reusable = CacheControl.NoCacheFields.IsEmpty ? null : head with { Fields = WithoutFields(head.Fields, CacheControl.NoCacheFields) };
        _rare = Rare.Of(_isGet ? null : method, _isTargeted || targets.Equals(TargetList.None) ? null : targets, reusable, [], other);
    }

    public string TargetUri { get; }

    public string Method => _isGet ? Methods.Get : _rare!.Method!;

    /// <summary>The nominated fields of the original request in normal form; one that it lacked is lacking (RFC 9111 §4.1).</summary>
    public FieldLines Nominated { get; }

    /// <summary>What may be reused without validation: without the fields of a qualified no-cache (RFC 9111 §5.2.2.4).</summary>
    public ResponseHead ReusableHead => _rare?.ReusableHead ?? Head;

    /// <summary>Nominated fields of other requests for which the origin selected this response by a 304 (RFC 9111 §4.3.4): it answers them too.</summary>
    public ImmutableArray<FieldLines> AlsoNominated
    {
        get => _rare?.AlsoNominated ?? [];
        init => _rare = Rare.Of(_rare?.Method, _rare?.Targets, _rare?.ReusableHead, value, _rare?.Date);
    }

    /// <summary>When it was received or last freshened, by the clock of the cache.</summary>
    public DateTimeOffset ResponseTime => new(_responseTime, TimeSpan.Zero);

    /// <summary>corrected_initial_age of RFC 9111 §4.2.3.</summary>
    public TimeSpan InitialAge { get; }

    public Lifetime Lifetime => new(_lifetime, (LifetimeSource)_lifetimeSource);

    /// <summary>The targeted fields that were looked for when this was stored (RFC 9213).</summary>
    public TargetList Targets => _isTargeted ? TargetList.Cdn : _rare?.Targets ?? TargetList.None;

    public CacheControl CacheControl { get; }

    public Nominations Nominations => _nominations is null ? new([], true) : new(ImmutableCollectionsMarshal.AsImmutableArray(_nominations), false);

    /// <summary>Read when it is asked for, as are the other validators: a hit asks for none.</summary>
    public EntityTag? EntityTag => Fields.EntityTag.Of(Head.Fields);

    public DateTimeOffset? LastModified => HttpDate.Of(Head.Fields, FieldNames.LastModified, ResponseTime);

    public DateTimeOffset Date => _date != AnotherDate ? DateTimeOffset.FromUnixTimeSeconds(_date) : _rare?.Date is { } other ? new(other, TimeSpan.Zero) : ResponseTime;

    /// <summary>What lets parts of this be combined (RFC 9111 §3.4), null where nothing does.</summary>
    public StrongValidator? StrongValidator => Validation.StrongValidator.Of(Head.Fields);

    /// <summary>What "most recent" goes by (RFC 9111 §4): Date, but a Date from the future does not outrank for ever.</summary>
    public DateTimeOffset Recency => Date < ResponseTime ? Date : ResponseTime;

    public bool HasValidator => EntityTag is not null || LastModified is not null;

    /// <summary>False when a 304 has brought a directive that forbids to go on storing.</summary>
    public bool MayBeKept =>
        !CacheControl.Private && !Nominations.IsEverything && !(CacheControl.NoStore && !CacheControl.MustUnderstand);

    public static StoredResponse Of(
        RequestHead request, ResponseHead response, DateTimeOffset requestTime, DateTimeOffset responseTime, FreshnessOptions options) =>
        new(request.TargetUri, request.Method,
            Selection.Selection.Nominate(request, response.Fields),
            response with { Fields = Storing.Fields(response, responseTime, options.Targets) },
            responseTime,
            CurrentAge.Initial(response, requestTime, responseTime),
            FreshnessLifetime.Of(response, responseTime, options), options.Targets);

    /// <summary>The current age after <paramref name="residentTime"/> in this cache (RFC 9111 §4.2.3).</summary>
    public TimeSpan AgeAfter(TimeSpan residentTime) => InitialAge + DeltaSeconds.Clamp(residentTime);

    /// <summary>
    /// This response updated by a 304 that selected it (RFC 9111 §4.3.4, §3.2). Set-Cookie of the 304 is taken over only if it is meant for all;
    /// whoever answers the one client that caused the validation adds it there.
    /// </summary>
    /// <param name="validating">
    /// The request that was answered by the 304: from now on this response answers its like. Needed when the 304 changes Vary, else no request will match any more.
    /// </param>
    public StoredResponse Freshened(
        ResponseHead notModified, DateTimeOffset requestTime, DateTimeOffset responseTime, FreshnessOptions options,
        RequestHead? validating = null)
    {
        var head = Head with { Fields = Storing.Updated(Head.Fields, notModified, responseTime, options) };
        var freshened = new StoredResponse(TargetUri, Method, NominatedBy(head.Fields, validating), head, responseTime,
            CurrentAge.Initial(notModified, requestTime, responseTime),
            FreshnessLifetime.Of(head, responseTime, options), options.Targets)
        {
            AlsoNominated = Nominations.Of(head.Fields).Equals(Nominations) ? AlsoNominated : [],
        };
        return validating is null || Selection.Selection.Matches(validating, freshened) ? freshened : freshened.Answering(validating);
    }

    /// <summary>
    /// This response, which a 200 to HEAD contradicts, to be considered stale (RFC 9111 §4.3.5): what is stored of it stays for validation.
    /// </summary>
    public StoredResponse Outdated() => new(TargetUri, Method, Nominated, Head, ResponseTime, InitialAge, new Lifetime(TimeSpan.Zero, Lifetime.Source), Targets)
    {
        AlsoNominated = AlsoNominated,
    };

    /// <summary>This response, to be considered stale from that age on.</summary>
    public StoredResponse OutdatedAt(TimeSpan age) =>
        age >= Lifetime.Value ? this : new(TargetUri, Method, Nominated, Head, ResponseTime, InitialAge, new Lifetime(age, Lifetime.Source), Targets)
        {
            AlsoNominated = AlsoNominated,
        };

    private static FieldLines WithoutFields(FieldLines fields, ImmutableArray<string> names) =>
        fields.Where(line => !names.Contains(line.Name, StringComparer.OrdinalIgnoreCase));

    private StoredResponse Answering(RequestHead request)
    {
        var others = AlsoNominated.Length < MostAlsoNominated ? AlsoNominated : AlsoNominated[1..];
        return new(TargetUri, Method, Nominated, Head, ResponseTime, InitialAge, Lifetime, Targets)
        {
            AlsoNominated = others.Add(Selection.Selection.Nominate(request, Head.Fields)),
        };
    }

    // What the original request said in a field that only now is nominated is not known; a request that was answered with it is.
    private FieldLines NominatedBy(FieldLines updated, RequestHead? validating)
    {
        var next = Nominations.Of(updated);
        if (next.Equals(Nominations)) return Nominated;
        return validating is null ? Selection.Selection.Unmatchable : Selection.Selection.Nominate(validating, updated);
    }

    /// <summary>What most do not have, so that they need no room for it.</summary>
    private sealed record Rare(string? Method, TargetList? Targets, ResponseHead? ReusableHead, ImmutableArray<FieldLines> AlsoNominated, DateTime? Date)
    {
        public static Rare? Of(string? method, TargetList? targets, ResponseHead? reusable, ImmutableArray<FieldLines> also, DateTime? date) =>
            method is null && targets is null && reusable is null && also.IsDefaultOrEmpty && date is null ? null : new(method, targets, reusable, also.IsDefault ? [] : also, date);
    }
}
