using System.IO.Pipelines;
using Granary.Edge.AccessLog;
using Granary.Edge.Figures;
using Granary.Edge.Listening.Repeats;
using Granary.Edge.Routing;
using Granary.Silo.Configuration;

namespace Granary.Edge.Delivery.Hits;

/// <summary>
/// The shortest way of a hit (decision 0026). A request with the same bytes, at the same listener, under the same settings and routes is the same request: (1) it is found by its bytes  (2) what is stored is chosen anew (P2),
/// and held  (3) the answer is counted  (4) and written, head and content at once.
/// </summary>
internal sealed class RepeatedHits : IRepeats
{
    /// <summary>After how many seconds a head is read again: whatever should decide and was overlooked does so then.</summary>
    private const int ReadAgainAfter = 60;

    private readonly HitsAtHand _atHand;
    private readonly PreparedHeads _heads;
    private readonly RepeatedTable _table;
    private readonly SettingsSource _source;
    private readonly CacheStatusReport _report;
    private readonly ServerDurations _durations;
    private readonly EndpointDataSource? _routes;
    private readonly TimeProvider _clock;

    public RepeatedHits(
        HitsAtHand atHand, PreparedHeads heads, SettingsSource source, CacheStatusReport report, ServerDurations durations, TimeProvider clock, EndpointDataSource? routes = null)
    {
        (_atHand, _heads, _source, _report, _durations, _routes, _clock) = (atHand, heads, source, report, durations, routes, clock);
        _table = new RepeatedTable(atHand.Store?.Options.MemoryBytes ?? 0);
        atHand.Store?.Arena.TryReserve(_table.Bytes);
    }

    /// <summary>About how many have been answered so: counted without a lock.</summary>
    public long Taken { get; private set; }

    public ulong HashOf(ReadOnlySpan<byte> head) => _table.HashOf(head);

    public bool IsWorthKeeping(ulong hash) => _atHand.Store is not null && _table.HasCome(hash);

    public bool TryAnswer(in ArrivedHead head, RepeatedRequests connection, out ValueTask<FlushResult> sent)
    {
        sent = default;
        if (_table.Find(head) is not { } known || !IsValid(known, connection.Arrived)) return false;     // (1)
        if (!_atHand.TryOpen(known.Hit, out var answer, out var reader)) return false;                   // (2)
        if ((known.Hit.IsNotModified ? 0 : reader.Content.Length) is not { } length || !RepeatedAnswer.CanSend(length, connection))
        {
            reader.Dispose();
            return false;
        }

        var moment = _heads.At(known.Hit, answer);
        Taken++;
        _atHand.Gave(known.Hit, answer.Status);                                                          // (3)
        _report.Tell(answer.Status, length);
        sent = RepeatedAnswer.Send(connection, known.Start(length), moment.Rest(known.Hit.IsDated), reader, length);        // (4)
        _durations.Record(_clock.GetElapsedTime(connection.Arrived), known.Tags);
        return true;
    }

    /// <summary>The request is being answered with it: so are those that come with the same bytes.</summary>
    public void Learn(HttpContext context, PreparedHit hit, Routed? routed)
    {
        if (context.Features.Get<RepeatedRequests>() is not { } connection || !connection.TryGetHead(out var head) || !IsForAll(context, routed)) return;
        var now = _clock.GetTimestamp();
        _table.Put(new RepeatedHit(head.Bytes.ToArray(), head.Listener, hit, _routes?.GetChangeToken(), now + ReadAgainAfter * _clock.TimestampFrequency, ServerDurations.TagsOf(context, hit.Status)), head.Hash, now);
    }

    private bool IsValid(RepeatedHit known, long now) =>
        ReferenceEquals(known.Hit.Asked.Settings, _source.Current) && now < known.Until && known.Routes?.HasChanged != true;

    // Nothing but the bytes decides: no other client, no policy of a route, nobody who is to be told of each request.
    private bool IsForAll(HttpContext context, Routed? routed) =>
        _source.Current is { Access.TrustedProxies.IsEmpty: true, Tracing.Endpoint: null } && AccessRecord.Of(context) is null
        && HttpProtocol.IsHttp11(context.Request.Protocol) && context.Request.Headers.Connection.Count == 0
        && routed?.Proxy.Route.Config is null or { AuthorizationPolicy: null, CorsPolicy: null };
}
