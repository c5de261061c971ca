using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Edge.Listening;
using Granary.Edge.Owners;
using Granary.Edge.Pass;
using Granary.Edge.Presenting;
using Granary.Edge.Purging;
using Granary.Edge.Routing;
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
    Router router, ClientAccess access, Presenter presenter, Passing passing, StoredDelivery delivery, PartsDelivery parts, IOwners owners, Bypasses bypasses, ErrorAnswers errors,
    PurgeRequests purges, CacheStatusReport report, ILogger<ProxyHandler> logger)
{
    /// <summary>How often content may be evicted between the owner's answer and its reading before the request is passed.</summary>
    private const int MaxLookUps = 2;

    public async Task Handle(HttpContext context)
    {
        try
        {
            await Proxy(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            errors.Count(ForwardError.ClientGone);
        }
        catch (Exception broken)
        {
            logger.RequestBroke(broken);
            await errors.AnswerAsync(context, ForwardError.Internal);
        }
    }

    private async Task Proxy(HttpContext context)
    {
        var routed = router.Of(context);                                                                           // (1)
        if ((Loop(context) ?? Unrouted(routed) ?? Refuse(context, routed)) is { } refusal)                                         // (2)
        {
            await errors.AnswerAsync(context, refusal);
            return;
        }

        var destination = (Destination.Origin)routed;
        if (PurgeRequests.IsPurge(context))
        {
            await purges.Answer(context, destination);
            return;
        }

        var presented = presenter.Present(context, destination);                                                   // (3)
        if (MaxForwards.IsSpent(presented))
            await FinalRecipient.Answer(context, report);
        else if (PassRules.WhyPass(context) is { } rule)                                                                // (4)
            await passing.Pass(context, new PassedRequest(FinalRecipient.ForOthers(presented), destination, rule.Why, rule.Detail, IsRemembered: false));
        else
            await Ask(context, presented, destination);                                                            // (5), (6)
    }

    private ForwardError? Loop(HttpContext context) => presenter.IsLoop(context) ? ForwardError.LoopDetected : null;

    private static ForwardError? Unrouted(Destination routed) => routed switch
    {
        Destination.Origin => null,
        Destination.Invalid => new ForwardError.BadRequest("The request target is not a valid URI of this proxy."),
        Destination.NotImplemented => ForwardError.NotImplemented,
        _ => ForwardError.NoRoute,
    };

    private ForwardError.ClientRefused? Refuse(HttpContext context, Destination routed)
    {
        if (routed is Destination.Origin { IsReverse: true }) return null;
        return access.ToForward(context.Connection.RemoteIpAddress) is { } refusal ? new ForwardError.ClientRefused(refusal) : null;
    }

    private async Task Ask(HttpContext context, RequestHead presented, Destination.Origin destination)
    {
        if (await TryAsk(context, presented, destination)) return;
        using var bypass = await bypasses.Enter(destination.TargetUri, context.RequestAborted);
        if (bypass.HasWaited && await TryAsk(context, presented, destination)) return;
        await passing.Pass(context, new PassedRequest(presented, destination, ForwardReason.Miss, "cache-fault", IsRemembered: false));
    }

    /// <returns>False when the cache gives no answer: a fault of it costs a hit, never an answer (P3).</returns>
    private async Task<bool> TryAsk(HttpContext context, RequestHead presented, Destination.Origin destination)
    {
        var question = new Question { Presented = presented, Route = destination.FetchRoute, WantsInterims = Interims.CanBeSentTo(context) };
        for (var lookUp = 0; lookUp < MaxLookUps; lookUp++)
        {
            if (await FinalAnswer(context, destination.TargetUri, question) is not { } answer) return false;
            if (await Deliver(context, presented, destination, answer)) return true;
        }

        return false;
    }

    /// <summary>The final answer; interim responses before it are sent on.</summary>
    private async Task<Answer?> FinalAnswer(HttpContext context, string uri, Question question)
    {
        var answer = await owners.Ask(uri, question, context.RequestAborted);
        while (answer is Answer.Interim interim)
        {
            await Interims.Send(context, interim.Heads);
            answer = await owners.Ask(uri, question with { Ticket = interim.Ticket }, context.RequestAborted);
        }

        return answer;
    }

    private async Task<bool> Deliver(HttpContext context, RequestHead presented, Destination.Origin destination, Answer answer)
    {
        switch (answer)
        {
            case Answer.Serve serve:
                if (!serve.EarlyHints.IsDefaultOrEmpty) await Interims.Send(context, serve.EarlyHints);
                return await delivery.Deliver(context, presented, serve);
            case Answer.ServeParts serve:
                return await parts.Deliver(context, presented, serve);
            case Answer.Pass pass:
                await passing.Pass(context, new PassedRequest(presented, destination, pass.Why, pass.Detail, IsRemembered: pass.IsRemembered));
                return true;
            case Answer.Failed failed:
                report.Tell(context.Response, new CacheStatus { Fwd = failed.Why, Collapsed = failed.Collapsed, Detail = failed.Error.Token });
                await errors.AnswerAsync(context, new ForwardError.Origin(failed.Error));
                return true;
            case Answer.OnlyIfCached:
                report.Tell(context.Response, new CacheStatus { Detail = ForwardError.NotStored.Token });
                await errors.AnswerAsync(context, ForwardError.NotStored);
                return true;
            default:
                throw new InvalidOperationException($"{answer.GetType().Name} cannot be delivered.");
        }
    }
}
