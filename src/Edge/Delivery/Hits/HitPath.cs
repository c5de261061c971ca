using System.IO.Pipelines;
using Granary.Edge.AccessLog;
using Granary.Edge.Maintenance;
using Granary.Edge.Routing;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Delivery.Hits;

/// <summary>
/// The short way of a hit: (1) a plain request for what was asked before  (2) the choice, made anew by what is stored now: fresh, and not invalidated (P2)  (3) the content, held  (4) the head that was prepared, with its
/// Age  (5) the content, in one write. Whatever does not fit goes the whole way, of which this is only a memory: what a request may have, and by which rules, is decided there.
/// </summary>
internal sealed class HitPath
{
    private readonly HitsAtHand _atHand;
    private readonly SettingsSource _source;
    private readonly MaintenanceMode _maintenance;
    private readonly StoredDelivery _delivery;
    private readonly CacheStatusReport _report;
    private readonly PreparedHeads _heads;
    private readonly RepeatedHits _repeated;
    private readonly PreparedHits _prepared;
    private long _taken;

    public HitPath(HitsAtHand atHand, SettingsSource source, MaintenanceMode maintenance, StoredDelivery delivery, CacheStatusReport report, PreparedHeads heads, RepeatedHits repeated)
    {
        (_atHand, _source, _maintenance, _delivery, _report, _heads, _repeated) = (atHand, source, maintenance, delivery, report, heads, repeated);
        _prepared = new PreparedHits(atHand.Store?.Options.MemoryBytes ?? 0);
        atHand.Store?.Arena.TryReserve(_prepared.Bytes);
    }

    /// <summary>About how many have been answered so, or by a way that is shorter still: counted without a lock.</summary>
    public long Taken => _taken + _repeated.Taken;

    /// <summary>Whether it is worth to try <see cref="Answer"/> in a turn that must be short.</summary>
    public bool MayAnswer(HttpContext context) =>
        _atHand.Store is not null && context.Request.Headers.Host is [{ } host] && _prepared.Find(host, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.Request.Headers.IfNoneMatch) is not null;

    /// <returns>Null: the request goes the whole way.</returns>
    public Task? Answer(HttpContext context, Routed? routed)
    {
        if (_atHand.Store is null || !PlainRequest.Is(context)) return null;                                                       // (1)
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (_prepared.Find(context.Request.Headers.Host[0]!, target, context.Request.Headers.IfNoneMatch) is not { } hit || !hit.Asked.Is(context.Request, target, _source.Current, routed?.Proxy.Route)) return null;
        if (!_atHand.TryOpen(hit, out var answer, out var reader)) return null;                                              // (2), (3)
        _taken++;
        _atHand.Gave(hit, answer.Status);
        AccessRecord.Of(context)?.GoTo(hit.Question.Route.Destination, isReverse: true);
        if (context.Response.Headers.Count == 0) _repeated.Learn(context, hit, routed);
        WriteHead(context.Response, hit, answer, reader.Content.Length);                                                     // (4)
        if (!hit.IsNotModified) return Send(context, reader, answer.Status);                                                 // (5)
        reader.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Begins to watch a hit that goes the whole way; null if others who ask the same might get something else.</summary>
    public Preparing? Watch(HttpContext context, Destination.Origin destination, Question question, Answer.Serve answer, bool isCoding)
    {
        if (_atHand.Store is not { } store || !answer.Status.Hit || !MayBePrepared(destination) || !PlainRequest.Is(context)) return null;
        if (store.Peek(answer.Content.Id) is not { State: ContentState.Complete, IsRetained: true }) return null; // it lies elsewhere
        var stored = store.PeekWhole(destination.Key);
        if (stored.Any(static variant => !variant.EarlyHints.IsDefaultOrEmpty) || Nominated.Of(stored, context.Request.Headers, question.Presented.Fields) is not { } nominated) return null;
        var bare = question with { Presented = question.Presented with { Fields = nominated.Presented }, WantsInterims = false };
        // The same response, and not one that has taken its place meanwhile (P4).
        if (_atHand.Find(destination.Key, bare, out var variants) is not { } again || variants != stored || !ReferenceEquals(again.Head, answer.Head) || again.Content != answer.Content) return null;
        var received = isCoding ? nominated.Received.Add(KeyValuePair.Create("Accept-Encoding", context.Request.Headers.AcceptEncoding)) : nominated.Received;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var asked = new PreparedHit.Request(context.Request.Scheme, context.Request.Headers.Host[0]!, target, context.Request.Headers.IfNoneMatch, _source.Current, destination.Routed?.Proxy.Route, received);
        return new Preparing(_prepared, asked, destination.Key, bare, stored, context.Response);
    }

    private bool MayBePrepared(Destination.Origin destination) =>
        destination is { IsReverse: true, Routed: null or { Caching: { TransformsRequests: false, TransformsResponses: false, PassesSessions: false } } }
        && _source.Current.RateLimits.IsEmpty && !_maintenance.IsOn;

    private void WriteHead(HttpResponse response, PreparedHit hit, Answer.Serve answer, long? length)
    {
        response.StatusCode = hit.Status;
        if (hit.Reason is not null && response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = hit.Reason;
        var fields = response.Headers;
        foreach (var (name, values) in hit.Fields) fields[name] = values;
        var moment = _heads.At(hit, answer);
        fields.Age = moment.Age;
        if (!hit.IsNotModified) response.ContentLength = length;
        _report.Tell(response, answer.Status, moment.CacheStatus);
    }

    private Task Send(HttpContext context, ContentReader reader, CacheStatus status)
    {
        if (reader.Content.Length is not > LentContent.Copied && reader.TryRead(out var bytes) && bytes.Length == reader.Content.Length) return Copy(context, reader, bytes);
        return LentContent.LendingTo(context, reader) is { } lending ? LentContent.Send(reader, reader.Content.Length!.Value, context, lending) : SendOn(context, reader, status);
    }

    private static Task Copy(HttpContext context, ContentReader reader, ReadOnlyMemory<byte> bytes)
    {
        var written = context.Response.BodyWriter.WriteAsync(bytes, CancellationToken.None); // its bytes are copied when this returns
        reader.Dispose();
        return written.IsCompletedSuccessfully ? Done(written) : written.AsTask();
    }

    private static Task Done(ValueTask<FlushResult> written)
    {
        _ = written.Result;
        return Task.CompletedTask;
    }

    private async Task SendOn(HttpContext context, ContentReader reader, CacheStatus status)
    {
        await using var stretches = new Stretches(1);
        stretches.Add(new StoredStretch(reader, null));
        await _delivery.Send(context, stretches, status);
    }
}
