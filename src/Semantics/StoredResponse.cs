using System.Collections.Immutable;
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
public sealed class StoredResponse
{
    private const int MostAlsoNominated = 8;

    // By ticks: nothing of a stored response but its text counts more than there are so many of them.
    private readonly long _date;

    /// <summary>For restoring what was stored; a new response comes from <see cref="Of"/>.</summary>
    public StoredResponse(
        string targetUri, string method, FieldLines nominated, ResponseHead head,
        DateTimeOffset responseTime, TimeSpan initialAge, Lifetime lifetime, TargetList? targets = null)
    {
        (TargetUri, Method, Nominated, Head) = (targetUri, method, nominated, head);
        (ResponseTime, InitialAge, Lifetime) = (responseTime, initialAge, lifetime);
        Targets = targets ?? TargetList.Cdn;
        CacheControl = CacheControl.OfResponse(head.Fields, Targets);
        ReusableHead = CacheControl.NoCacheFields.IsEmpty ? head : head with { Fields = WithoutFields(head.Fields, CacheControl.NoCacheFields) };
        Nominations = Nominations.Of(head.Fields);
        _date = FreshnessLifetime.DateOf(head, responseTime).UtcTicks;
    }

    public string TargetUri { get; }

    public string Method { get; }

    /// <summary>The nominated fields of the original request in normal form; one that it lacked is lacking (RFC 9111 §4.1).</summary>
    public FieldLines Nominated { get; }

    /// <summary>Without connection fields, qualified private fields and Age; always with a valid Date (RFC 9110 §6.6.1).</summary>
    public ResponseHead Head { get; }

    /// <summary>What may be reused without validation: without the fields of a qualified no-cache (RFC 9111 §5.2.2.4).</summary>
    public ResponseHead ReusableHead { get; }

    /// <summary>Nominated fields of other requests for which the origin selected this response by a 304 (RFC 9111 §4.3.4): it answers them too.</summary>
    public ImmutableArray<FieldLines> AlsoNominated { get; init; } = [];

    /// <summary>When it was received or last freshened, by the clock of the cache.</summary>
    public DateTimeOffset ResponseTime { get; }

    /// <summary>corrected_initial_age of RFC 9111 §4.2.3.</summary>
    public TimeSpan InitialAge { get; }

    public Lifetime Lifetime { get; }

    /// <summary>The targeted fields that were looked for when this was stored (RFC 9213).</summary>
    public TargetList Targets { get; }

    public CacheControl CacheControl { get; }

    public Nominations Nominations { get; }

    /// <summary>Read when it is asked for, as are the other validators: a hit asks for none.</summary>
    public EntityTag? EntityTag => Fields.EntityTag.Of(Head.Fields);

    public DateTimeOffset? LastModified => HttpDate.Of(Head.Fields, FieldNames.LastModified, ResponseTime);

    public DateTimeOffset Date => new(_date, TimeSpan.Zero);

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
}
