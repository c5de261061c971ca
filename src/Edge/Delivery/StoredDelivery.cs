using Granary.Edge.Errors;
using Granary.Edge.Hiding;
using Granary.Edge.Presenting;
using Granary.Grains.Origin;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Semantics.Preconditions;
using Granary.Semantics.Ranges;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Delivery;

/// <summary>
/// Delivers what the owner of the URI answered with, stored or still arriving:
/// (1) find the content  (2) evaluate preconditions  (3) evaluate ranges  (4) open what is wanted  (5) write the head  (6) send the content at the client's pace.
/// </summary>
internal sealed class StoredDelivery(Contents contents, TimeProvider clock, ErrorAnswers errors, CacheStatusReport report, Pseudonym pseudonym)
{
    /// <returns>False, and nothing written, when the content is gone meanwhile: look up again.</returns>
    public async Task<bool> Deliver(HttpContext context, RequestHead presented, Answer.Serve answer, Outward outward = default)
    {
        using var inline = answer.Inline;                                                          // its memory goes back when all is sent
        using var found = contents.Find(answer);                                                   // (1)
        if (found is null) return false;
        var representation = Represent(presented, answer.Head, found.Length);                      // (2), (3)
        await using var stretches = new Stretches(representation.Parts.Count);
        if (!HttpMethods.IsHead(presented.Method) && !await Open(found, representation, stretches, answer.Status, context.RequestAborted)) return false; // (4)
        found.Dispose();                                                                           // left standing at 0 it would hold up a writer
        WriteHead(context.Response, representation, answer.CurrentAge, answer.Status, outward);    // (5)
        await Send(context, stretches, answer.Status);                                             // (6)
        return true;
    }

    private static async ValueTask<bool> Open(FoundContent found, Representation representation, Stretches stretches, CacheStatus status, CancellationToken clientGone)
    {
        if (representation.Parts.Count == 0 && !status.Hit) await found.LetGo(clientGone);
        foreach (var part in representation.Parts)
        {
            if (found.Cut(part, clientGone) is not { } stretch) return false;
            stretches.Add(stretch);
        }

        return await stretches.Open();
    }

    internal Representation Represent(RequestHead presented, ResponseHead head, long? length)
    {
        if (Preconditions.Evaluate(presented, head, clock.GetUtcNow()) == PreconditionResult.NotModified) return Representation.NotModified(head);
        var range = length is { } known ? Ranges.Evaluate(presented, head, known) : RangeOutcome.Whole.Instance;
        return Representation.Of(head, range, length);
    }

    internal void WriteHead(HttpResponse response, Representation representation, TimeSpan? currentAge, CacheStatus status, Outward outward)
    {
        response.StatusCode = representation.Head.Status;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = representation.Head.Reason;
        var fields = outward.OfFinal(ConnectionFields.ForForwarding(representation.Head.Fields));
        if (currentAge is { } age) fields = fields.With(FieldNames.Age, Seconds(age));
        ResponseFields.Write(response, fields);
        if (representation.Length is { } length) response.ContentLength = length;
        ResponseFields.AddVia(response, "1.1", pseudonym);
        report.Tell(response, status);
    }

    internal async Task Send(HttpContext context, Stretches stretches, CacheStatus status)
    {
        try
        {
            await stretches.Send(context);
        }
        catch (IncompleteContentException broken)
        {
            await Break(context, status, broken);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            errors.Count(ForwardError.ClientGone);
        }
    }

    /// <summary>P4: a 502, or once the head is out a connection that visibly ends early.</summary>
    private async Task Break(HttpContext context, CacheStatus status, IncompleteContentException broken)
    {
        var error = OriginError.From(broken, headReceived: true);
        if (!context.Response.HasStarted) report.Correct(context.Response, status with { Stored = false, Ttl = null, Detail = error.Token });
        await errors.AnswerAsync(context, new ForwardError.Origin(error));
    }

    private static string Seconds(TimeSpan age) =>
        ((long)age.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
