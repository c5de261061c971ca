using System.Collections.Immutable;
using Granary.Edge.Delivery;
using Granary.Edge.Errors;
using Granary.Edge.Hiding;
using Granary.Edge.Listening;
using Granary.Edge.Owners;
using Granary.Edge.Presenting;
using Granary.Edge.Routing;
using Granary.Edge.Rules.Compression;
using Granary.Grains.Egress;
using Granary.Grains.Origin;
using Granary.Grains.Origin.Wire;
using Granary.Grains.Resources;
using Granary.Grains.Resources.Posts;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Invalidation;
using Granary.Semantics.Messages;
using Granary.Semantics.Storability;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Pass;

/// <summary>
/// Forwards what is not a cache matter: unsafe methods, requests with content, upgrades, gRPC, URLs remembered as not storable. YARP's forwarder does the
/// streaming both ways; the connections are those of <see cref="OriginClient"/>.
/// (1) Forward  (2) on the way back invalidate what an unsafe method changed (RFC 9111 §4.4)  (3) explain a failure if nothing was sent yet.
/// </summary>
internal sealed class Passing(
    IHttpForwarder forwarder, OriginClient origin, IOwners owners, ErrorAnswers errors, CacheStatusReport report,
    Func<FetchOptions> fetch, Func<ResourceOptions> resources, Compressing compressing, CacheKeys keys, Pseudonym pseudonym, OutwardFields outward, FieldRules rules, TimeProvider clock, ILogger<Passing> logger)
{
    private const string NotSure = "invalidation-not-sure";

    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task Pass(HttpContext context, PassedRequest passed)
    {
        OriginExchange.Current = new OriginExchange { OnInterim = Interims.SenderTo(context, new Outward(outward, rules, context, passed.Destination)) };
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null; // a WebSocket in a stream of HTTP/2 (RFC 8441) is silent when it has nothing to say
        if (passed.Destination.Routed is { } routed) await PassOn(context, passed, routed);
        else await PassToOrigin(context, passed);
    }

    private async Task PassToOrigin(HttpContext context, PassedRequest passed)
    {
        var route = passed.Destination.Route;
        var transformer = new PassTransformer(this, origin, passed, clock.GetTimestamp());
        var error = await forwarder.SendAsync(                                                                    // (1)
            context, route.Destination, origin.PassageTo(route, context.Features.Get<SourceAddresses>()), Config with { ActivityTimeout = Activity(fetch()) }, transformer, context.RequestAborted);
        if (error == ForwarderError.None || transformer.HasDelivered) await CodedBody.Finish(context);
        else await Explain(context, passed, ErrorOf(context, error), transformer.HasTold);                        // (3)
    }

    /// <summary>
    /// Lets YARP's pipeline go on: (1) forward to the destination that it chooses  (2) where nothing came of that, and the request may be repeated, let it choose among the others
    /// (3) else explain.
    /// </summary>
    private async Task PassOn(HttpContext context, PassedRequest passed, Routed routed)
    {
        routed.IsPassed = true;
        if (routed.Caching.TransformsRequests) LiveFields.Become(context.Request, passed.Presented);
        var transformer = new PassTransformer(this, origin, passed, clock.GetTimestamp());
        context.Features.Set(transformer);
        for (var tries = 1; ; tries++)
        {
            await routed.Next(context);                                                                           // (1)
            if (transformer.HasDelivered || context.Features.Get<IForwarderErrorFeature>() is not { Error: not ForwarderError.None } failed)
            {
                await CodedBody.Finish(context);
                return;
            }

            var why = ErrorOf(context, failed.Error);
            if (transformer.HasTold || tries >= fetch().Tries || !MayBeRepeated(context, transformer.Method, why) || !Dismiss(routed))
            {
                await Explain(context, passed, why, transformer.HasTold);                                         // (3)
                return;
            }

            context.Features.Set<IForwarderErrorFeature>(null);                                                   // (2)
            context.Response.Clear();
        }
    }

    // Nobody knows what an origin did of any other request (RFC 9110 §9.2.2).
    private static bool MayBeRepeated(HttpContext context, string sent, ForwardError why) =>
        why is ForwardError.Origin { Error.MayBeTriedElsewhere: true } && !context.Response.HasStarted
            && (HttpMethods.IsGet(sent) || HttpMethods.IsHead(sent))
            && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;

    /// <summary>Leaves the destination that failed out.</summary>
    /// <returns>Whether there are others.</returns>
    private static bool Dismiss(Routed routed)
    {
        var failed = routed.Proxy.ProxiedDestination;
        var others = routed.Untried.Where(other => other != failed).ToArray();
        if (others.Length == 0) return false;
        (routed.Proxy.AvailableDestinations, routed.Proxy.ProxiedDestination) = (others, null);
        routed.Untried = others;
        return true;
    }

    // Our own limits come first, by the one clock; this one also ends upgraded connections on which nothing happens.
    private static TimeSpan Activity(FetchOptions fetch) => 2 * (fetch.IdleTimeout > fetch.HeadTimeout ? fetch.IdleTimeout : fetch.HeadTimeout);

    /// <summary>What a passed answer changes for the cache: (2), and a URL that answers storably again is looked up from now on.</summary>
    /// <param name="begun">When the request was begun, by the monotonic clock.</param>
    /// <returns>Whether all that had to be invalidated surely is.</returns>
    public async ValueTask<bool> Learn(HttpContext context, PassedRequest passed, ResponseHead head, long begun)
    {
        var isSure = await Invalidate(CacheGroups.Invalidated(passed.Presented, head), Targets(context, passed, head));
        if (passed.IsRemembered && Storability.WhyNot(passed.Presented, head, resources().For(passed.Destination.Route, passed.Presented).Storability) is null)
            await owners.Tell(passed.Destination.Key, owner => owner.NoLongerPasses(passed.Presented.Fields.Has(FieldNames.Authorization)));
        if (HttpMethods.IsHead(passed.Presented.Method) && head.Status == StatusCodes.Status200OK)
            await owners.Tell(passed.Destination.Key, owner =>
                owner.HeadPassed(new PassedHead(passed.Presented, WithoutTags(passed, head), passed.Destination.Route, clock.GetElapsedTime(begun))));
        return isSure;
    }

    // What Location and Content-Location name as the origin wrote them, and as clients know it: an origin that names itself means a URI whose key has our name.
    private IReadOnlyList<string> Targets(HttpContext context, PassedRequest passed, ResponseHead head)
    {
        var asWritten = Invalidation.Targets(passed.Presented, head);
        if (asWritten.Count == 0) return asWritten;
        return [.. asWritten.Union(Invalidation.Targets(passed.Presented, head with { Fields = outward.Of(context, passed.Destination, head.Fields) }))];
    }

    // The origin has done what was asked: an answer that is kept back would have it asked for again. So it is given even when a silo that is no more has not been found dead in time,
    // and says so in Cache-Status: never a false "done".
    private async ValueTask<bool> Invalidate(ImmutableArray<string> groups, IReadOnlyList<string> targets)
    {
        var isSure = groups.IsEmpty || await owners.InvalidateGroups(groups);
        foreach (var removed in await Task.WhenAll(targets.SelectMany(target => keys.Of(KeyOf(target))).Select(owners.Invalidate))) isSure &= removed is not null;
        if (!isSure) logger.InvalidationNotSure(targets.Count);
        return isSure;
    }

    /// <summary>Where the response to a POST may answer later GETs, what takes it to the owner while it is passed; else null.</summary>
    public async ValueTask<PostCopy?> CopyOf(PassedRequest passed, ResponseHead head, long begun)
    {
        if (!HttpMethods.IsPost(passed.Presented.Method)) return null;
        var rules = resources().For(passed.Destination.Route, passed.Presented).Storability;
        if (PostedResponse.AsGet(passed.Presented, head, rules) is not { } get || !PostCopy.Fits(head)) return null;
        if (passed.Destination.Routed is { Caching.NameInKey: not null }) return null; // a GET of that URI may be another route's
        var (uri, received, expected) = (KeyOf(get.TargetUri), clock.GetTimestamp(), (PostExpected?)null);
        await owners.Tell(uri, async owner => expected = await owner.ExpectPost());
        if (expected is null || expected.Quiet <= clock.GetElapsedTime(begun)) return null;
        return new PostCopy(head, content => owners.Tell(uri, owner => owner.PostPassed(new PassedPost(
            expected.Ticket, get, head, passed.Destination.Route, clock.GetElapsedTime(begun, received), clock.GetElapsedTime(received), content))));
    }

    public void WriteHead(HttpContext context, PassedRequest passed, ResponseHead head, bool isSure)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        if (context.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = head.Reason;
        ResponseFields.Write(response, Forwarded(context, passed, head));
        Sign(context, passed, isSure);
    }

    /// <summary>The head is written: what follows is compressed, if that is so on this route. Each write is flushed, since nobody tells when the origin makes one wait.</summary>
    public void Compress(HttpContext context)
    {
        if (!compressing.IsOnFor(context)) return;
        var (response, choice) = (context.Response, compressing.Choose(context.Response));
        if (choice.Coding is { } coding && !HttpMethods.IsHead(context.Request.Method) && !compressing.TryBegin(context, coding, flushesEach: true)) choice = CodingChoice.Without(NotCompressed.Busy);
        CodedFields.Write(response, choice);
        if (response.StatusCode == StatusCodes.Status304NotModified) CodedFields.WeakenAsAsked(context);
    }

    /// <summary>The fields of the answer that the client may have.</summary>
    public FieldLines Forwarded(HttpContext context, PassedRequest passed, ResponseHead head) =>
        new Outward(outward, rules, context, passed.Destination).OfFinal(ConnectionFields.ForForwarding(WithoutTags(passed, head).Fields));

    /// <param name="isSure">Whether what had to be invalidated surely is.</param>
    public void Sign(HttpContext context, PassedRequest passed, bool isSure)
    {
        ResponseFields.AddVia(context.Response, "1.1", pseudonym);
        report.Tell(context.Response, isSure ? StatusOf(passed) : StatusOf(passed) with { Detail = NotSure });
    }

    private string KeyOf(string uri) => QueryParameters.Without(uri, resources().StripQueryParameters);

    private ResponseHead WithoutTags(PassedRequest passed, ResponseHead head)
    {
        var rules = resources();
        if ((passed.Destination.Route.Rules?.PassSurrogateKeys ?? rules.PassSurrogateKeys) || !passed.Destination.Route.IsConfigured) return head;
        return head with { Fields = CacheGroups.WithoutTags(head.Fields, rules.SurrogateKeyFields) };
    }

    private static CacheStatus StatusOf(PassedRequest passed) => new() { Fwd = passed.Why, Detail = passed.Detail };

    private async Task Explain(HttpContext context, PassedRequest passed, ForwardError why, bool hasTold)
    {
        CodedBody.GiveUp(context);
        if (!context.Response.HasStarted)
        {
            var status = StatusOf(passed) with { Detail = why.Token };
            if (hasTold) report.Correct(context.Response, status);
            else report.Tell(context.Response, status);
        }

        await errors.AnswerAsync(context, why);
    }

    private static ForwardError ErrorOf(HttpContext context, ForwarderError error)
    {
        var thrown = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (error is ForwarderError.NoAvailableDestinations) return new ForwardError.Origin(new OriginError(OriginFault.NoDestination));
        if (error is ForwarderError.RequestBodyClient && thrown is not null) return ForwardError.OfRequestContent(thrown);
        if (context.RequestAborted.IsCancellationRequested) return RouteTimeout.HasEnded(context) ? ForwardError.RouteTimedOut : ForwardError.ClientGone;
        var timer = error is ForwarderError.RequestTimedOut ? OriginTimer.Head : OriginTimer.None;
        var headReceived = error is ForwarderError.ResponseBodyDestination or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient;
        return new ForwardError.Origin(OriginError.From(thrown ?? new IOException(), timer, headReceived));
    }
}
