using Granary.Edge.Access;
using Granary.Edge.AccessLog;
using Granary.Edge.Delivery.Hits;
using Granary.Edge.Errors;
using Granary.Edge.Figures;
using Granary.Edge.Hiding;
using Granary.Edge.Inspection;
using Granary.Edge.Listening;
using Granary.Edge.Listening.Loops;
using Granary.Edge.Maintenance;
using Granary.Edge.Owners;
using Granary.Edge.Pass;
using Granary.Edge.Policy;
using Granary.Edge.Policy.Bandwidth;
using Granary.Edge.Presenting;
using Granary.Edge.Purging;
using Granary.Edge.Routing;
using Granary.Edge.Rules.Compression;
using Granary.Edge.Rules.Limits;
using Granary.Edge.Tracing;
using Granary.Edge.Users;
using Granary.Grains.Explaining;
using Granary.Grains.Resources;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Granary.Semantics.Reusability;

namespace Granary.Edge.Delivery;

/// <summary>
/// From a client's request to its answer:
/// (1) Route  (2) Admit  (3) Present  (4) Pass what is no cache matter  (5) Ask the owner of the URI  (6) Deliver its answer.
/// </summary>
internal sealed class ProxyHandler(
    Router router, RouteTable routes, FetchedHealth health, ClientAccess access, Presenter presenter, Passing passing, StoredDelivery delivery, PartsDelivery parts, IOwners owners, Bypasses bypasses, ErrorAnswers errors,
    PurgeRequests purges, RateLimits limits, ContentLimits contentLimits, CacheStatusReport report, OutwardFields outward, FieldRules rules, MaintenanceMode maintenance, ForwardUsers users, HitPath hits,
    Compressing compressing, Admission admission, DecisionLog decisions, HotUrls urls, ILogger<ProxyHandler> logger)
{
    /// <summary>How often content may be evicted between the owner's answer and its reading before the request is passed.</summary>
    private const int MaxLookUps = 2;

    /// <summary>A request that no route of YARP has taken.</summary>
    public Task Handle(HttpContext context) => Handle(context, routed: null);

    /// <summary>A request that a route of YARP has taken.</summary>
    /// <param name="next">The rest of YARP's pipeline, for what is passed.</param>
    public Task Handle(HttpContext context, RequestDelegate next) => Handle(context, routes.Of(context.GetReverseProxyFeature(), next));

    /// <summary>PURGE is no route's matter: it is answered before routes are looked at.</summary>
    public Task Purge(HttpContext context) => purges.Answer(context, router.UrisOf(context));

    private Task Handle(HttpContext context, Routed? routed) => hits.Answer(context, routed) ?? LoopTurns.Outside(context, routed, HandleWhole);

    private async Task HandleWhole(HttpContext context, Routed? routed)
    {
        try
        {
            if (limits.Take(context, routed, out var permits) is { } seconds)
            {
                await errors.AnswerAsync(context, new ForwardError.RateLimited(seconds));
                return;
            }

            using (permits) await Proxy(context, routed is null ? router.Of(context) : router.Of(context, routed));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (RouteTimeout.HasEnded(context)) await errors.AnswerAsync(context, ForwardError.RouteTimedOut);
            else errors.Count(ForwardError.ClientGone);
        }
        catch (Exception broken)
        {
            CodedBody.GiveUp(context);
            logger.RequestBroke(broken);
            await errors.AnswerAsync(context, ForwardError.Internal);
        }
    }

    private async Task Proxy(HttpContext context, Destination routed)                                              // (1)
    {
        if ((Loop(context) ?? Unrouted(routed) ?? Misdirected(context, routed) ?? Refuse(context, routed) ?? contentLimits.Refuse(context, (routed as Destination.Origin)?.Routed)) is { } refusal) // (2)
        {
            await errors.AnswerAsync(context, refusal);
            return;
        }

        var destination = (Destination.Origin)routed;
        if (!destination.IsReverse && await users.Admit(context) is { } unknown)
        {
            await errors.AnswerAsync(context, unknown);
            return;
        }

        if (PurgeRequests.IsPurge(context))
        {
            await purges.Answer(context, [destination.TargetUri]);
            return;
        }

        AccessRecord.Of(context)?.GoTo(destination);
        urls.Note(destination.Key);
        var admitted = destination.IsReverse || !admission.IsOn ? null : await admission.Admit(context, destination.TargetUri);
        if (admitted is not null && await HasStopped(context, admitted)) return;
        using var permit = admitted as Admitted.In;
        if (permit?.Pace is { } pace) PacedBody.Install(context, pace);
        if (permit?.From is { } from) context.Features.Set(from);
        var presented = presenter.Present(context, destination);                                                   // (3)
        if (MaxForwards.IsSpent(presented))
            await FinalRecipient.Answer(context, report);
        else if (PassRules.WhyPass(context, destination.Routed) is { } rule)                                            // (4)
            await PassByRule(context, new PassedRequest(FinalRecipient.ForOthers(presented), destination, rule.Why, rule.Detail, IsRemembered: false));
        else if (destination.Routed is { Caching: { TransformsRequests: true } or { TransformsResponses: true } } transformed)
            await AskTransformed(context, presented, destination, transformed);
        else
            await Ask(context, AskedOf(context, presented, destination), destination);                             // (5), (6)
    }

    private Asked AskedOf(HttpContext context, RequestHead presented, Destination.Origin destination) =>
        new(presented, presented, destination.FetchRoute, maintenance.HoldsFor(context, destination));

    /// <summary>To the origin, unless it is to be left alone.</summary>
    private async Task Pass(HttpContext context, PassedRequest passed)
    {
        using var span = RequestSpans.Part("pass");
        await (maintenance.HoldsFor(context, passed.Destination) ? Explain(context, maintenance.Error) : passing.Pass(context, passed));
    }

    private Task PassByRule(HttpContext context, PassedRequest passed)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) decisions.Note(passed.Destination.Key, new CacheStatus { Fwd = passed.Why, Detail = passed.Detail });
        return Pass(context, passed);
    }

    private Task Explain(HttpContext context, ForwardError why)
    {
        report.Tell(context.Response, new CacheStatus { Detail = why.Token });
        return errors.AnswerAsync(context, why);
    }

    /// <summary>What the route's transforms make of the request is looked up and fetched.</summary>
    private async Task AskTransformed(HttpContext context, RequestHead presented, Destination.Origin destination, Routed routed)
    {
        var asked = AskedOf(context, presented, destination);
        if (routed.Caching.TransformsResponses) RouteTransforms.ApplyLater(context, routed);
        if (routed.Caching.TransformsRequests)
        {
            LiveFields.Become(context.Request, presented);
            LiveFields.BecomeKey(context.Request, destination.TargetUri, destination.Authority);
            switch (await FetchTransforms.Of(context, routed, presented, asked.Route))
            {
                case TransformedFetch.Answered:
                    return;
                case TransformedFetch.Passed:
                    await Pass(context, new PassedRequest(presented, destination, ForwardReason.Bypass, "transformed", IsRemembered: false));
                    return;
                case TransformedFetch.Ready ready:
                    asked = asked with { Presented = ready.Presented, Route = ready.Route };
                    break;
            }
        }

        await Ask(context, asked, destination);
    }

    /// <param name="Passable">As it is passed: YARP's pipeline transforms it then.</param>
    /// <param name="Presented">As it is looked up and fetched.</param>
    /// <param name="Rests">Its origin is under maintenance: only what is stored may answer.</param>
    private sealed record Asked(RequestHead Passable, RequestHead Presented, Grains.Origin.OriginRoute Route, bool Rests);

    private Outward OutwardTo(HttpContext context, Destination.Origin destination) => new(outward, rules, context, destination);

    /// <summary>Answers what the access policy does not let go on.</summary>
    private async ValueTask<bool> HasStopped(HttpContext context, Admitted admitted)
    {
        if (admitted is Admitted.Refused(var why)) await Explain(context, why);
        if (admitted is Admitted.In { Rule: { } allows } && AccessRecord.Of(context) is { } told) told.Rule = allows;
        if (admitted is not Admitted.Redirected(var to, var status, var rule)) return admitted is Admitted.Refused;
        if (AccessRecord.Of(context) is { } record) record.Rule = rule;
        report.Tell(context.Response, new CacheStatus { Detail = "redirect" });
        context.Response.StatusCode = status;
        context.Response.Headers.Location = to;
        context.Response.Headers.CacheControl = "no-store"; // rules have their times
        context.Response.ContentLength = 0;
        return true;
    }

    private ForwardError? Loop(HttpContext context) => presenter.IsLoop(context) ? ForwardError.LoopDetected : null;

    private static ForwardError? Unrouted(Destination routed) => routed switch
    {
        Destination.Origin => null,
        Destination.Invalid => new ForwardError.BadRequest("The request target is not a valid URI of this proxy."),
        Destination.NotImplemented => ForwardError.NotImplemented,
        _ => ForwardError.NoRoute,
    };

    // RFC 9110 §7.4: in a tunnel its target is asked, and nobody else.
    private static ForwardError? Misdirected(HttpContext context, Destination routed) =>
        InspectedTunnel.Of(context) is { } tunnel && routed is Destination.Origin { TargetUri: var uri } && !tunnel.Leads(uri) ? ForwardError.Misdirected : null;

    private ForwardError.ClientRefused? Refuse(HttpContext context, Destination routed)
    {
        if (routed is Destination.Origin { IsReverse: true }) return null;
        return access.ToForward(context.Connection.RemoteIpAddress) is { } refusal ? new ForwardError.ClientRefused(refusal) : null;
    }

    private async Task Ask(HttpContext context, Asked asked, Destination.Origin destination)
    {
        if (!(asked.Rests && !maintenance.AnswersFromCache) && await TryAsk(context, asked, destination)) return;
        if (asked.Rests)
        {
            await Explain(context, maintenance.Error);
            return;
        }

        using var bypass = await bypasses.Enter(destination.Key, context.RequestAborted);
        if (bypass.HasWaited && await TryAsk(context, asked, destination)) return;
        await PassByRule(context, new PassedRequest(asked.Passable, destination, ForwardReason.Miss, "cache-fault", IsRemembered: false));
    }

    /// <returns>False when the cache gives no answer: a fault of it costs a hit, never an answer (P3).</returns>
    private async Task<bool> TryAsk(HttpContext context, Asked asked, Destination.Origin destination)
    {
        var question = new Question { Presented = asked.Rests ? MaintenanceMode.OnlyIfCached(asked.Presented) : asked.Presented, Route = asked.Route, WantsInterims = Interims.CanBeSentTo(context) };
        for (var lookUp = 0; lookUp < MaxLookUps; lookUp++)
        {
            if (await FinalAnswer(context, destination, question) is not { } answer) return false;
            if (destination.Routed is { } routed && !answer.Learned.IsDefaultOrEmpty) health.Learn(context, routed, answer.Learned);
            if (await Deliver(context, asked, destination, question, answer)) return true;
        }

        return false;
    }

    /// <summary>The final answer; interim responses before it are sent on.</summary>
    private async Task<Answer?> FinalAnswer(HttpContext context, Destination.Origin destination, Question question)
    {
        var uri = destination.Key;
        using var span = RequestSpans.Part("ask owner");
        var answer = await owners.Ask(uri, question, context.RequestAborted);
        while (answer is Answer.Interim interim)
        {
            await Interims.Send(context, interim.Heads, OutwardTo(context, destination));
            answer = await owners.Ask(uri, question with { Ticket = interim.Ticket }, context.RequestAborted);
        }

        return answer;
    }

    private async Task<bool> Deliver(HttpContext context, Asked asked, Destination.Origin destination, Question question, Answer answer)
    {
        var presented = asked.Presented;
        switch (answer)
        {
            case Answer.Serve serve:
                if (!serve.EarlyHints.IsDefaultOrEmpty) await Interims.Send(context, serve.EarlyHints, OutwardTo(context, destination));
                return await delivery.Deliver(context, presented, serve, OutwardTo(context, destination), hits.Watch(context, destination, question, serve, compressing.IsOnFor(context)));
            case Answer.ServeParts serve:
                return await parts.Deliver(context, presented, serve, OutwardTo(context, destination));
            case Answer.Pass pass:
                await Pass(context, new PassedRequest(asked.Passable, destination, pass.Why, pass.Detail, IsRemembered: pass.IsRemembered));
                return true;
            case Answer.Failed failed:
                report.Tell(context.Response, new CacheStatus { Fwd = failed.Why, Collapsed = failed.Collapsed, Detail = failed.Error.Token });
                await errors.AnswerAsync(context, new ForwardError.Origin(failed.Error));
                return true;
            case Answer.OnlyIfCached:
                await Explain(context, asked.Rests ? maintenance.Error : ForwardError.NotStored);
                return true;
            default:
                throw new InvalidOperationException($"{answer.GetType().Name} cannot be delivered.");
        }
    }
}
