using Granary.Edge.Delivery.Hits;
using Granary.Edge.Errors;
using Granary.Edge.Hiding;
using Granary.Edge.Presenting;
using Granary.Edge.Rules.Compression;
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
/// (1) find the content  (2) choose its coding, evaluate preconditions  (3) evaluate ranges  (4) open what is wanted  (5) write the head  (6) send the content at the client's pace.
/// </summary>
internal sealed class StoredDelivery(Contents contents, Compressing compressing, TimeProvider clock, ErrorAnswers errors, CacheStatusReport report, Pseudonym pseudonym)
{
    /// <param name="preparing">Keeps the head for those who ask the same; null for nothing.</param>
    /// <returns>False, and nothing written, when the content is gone meanwhile: look up again.</returns>
    public async Task<bool> Deliver(HttpContext context, RequestHead presented, Answer.Serve answer, Outward outward = default, Preparing? preparing = null)
    {
        using var inline = answer.Inline;                                                          // its memory goes back when all is sent
        using var found = contents.Find(answer);                                                   // (1)
        if (found is null) return false;
        var representation = Represent(context, presented, answer.Head, found.Length);             // (2), (3)
        if (FormOf(answer, representation) is { } key && compressing.Forms.Take(key, found.Length)) return await DeliverForm(context, key, answer, found, representation, outward);
        await using var stretches = new Stretches(representation.Parts.Count);
        if (!HttpMethods.IsHead(presented.Method) && !await Open(found, representation, stretches, answer.Status, context.RequestAborted)) return false; // (4)
        found.Dispose();                                                                           // left standing at 0 it would hold up a writer
        WriteHead(context.Response, representation = Begin(context, representation), answer.CurrentAge, answer.Status, outward); // (5)
        preparing?.HeadWritten(representation);
        await Send(context, stretches, answer.Status);                                             // (6)
        return true;
    }

    private static FormKey? FormOf(Answer.Serve answer, Representation representation) =>
        representation.IsCoded && answer.Status.Hit ? new FormKey(answer.Content.Id, answer.Content.Endpoint, representation.Coding.Coding!.Value) : null;

    /// <summary>The compressed form of a content that is stored whole: at hand, or made now, which takes as long as reading the content does.</summary>
    private async Task<bool> DeliverForm(HttpContext context, FormKey key, Answer.Serve answer, FoundContent found, Representation representation, Outward outward)
    {
        var form = compressing.Forms.Find(key);
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (form is null && !isHead && (form = await Form(key, found, representation, answer.Status, context.RequestAborted)) is null) return false;
        WriteHead(context.Response, representation with { Length = form?.Bytes.Length }, answer.CurrentAge, answer.Status, outward);
        await using var stretches = new Stretches(1);
        if (form is not null && !isHead) stretches.Add(new BytesAtHand(form.Bytes));
        await Send(context, stretches, answer.Status);
        return true;
    }

    // Whoever makes it reads to the end, also when his own client leaves: others wait for it.
    private async Task<CompressedForm?> Form(FormKey key, FoundContent found, Representation representation, CacheStatus status, CancellationToken clientGone)
    {
        try
        {
            return await compressing.Forms.Make(key, found.Length!.Value, async sink =>
            {
                await using var stretches = new Stretches(representation.Parts.Count);
                if (!await Open(found, representation, stretches, status, CancellationToken.None)) throw new IncompleteContentException("The content is gone.");
                await stretches.Send(sink);
            }, clientGone);
        }
        catch (IncompleteContentException)
        {
            return null;
        }
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

    internal Representation Represent(HttpContext context, RequestHead presented, ResponseHead head, long? length)
    {
        var coding = compressing.Choose(context, head, length);
        if (Preconditions.Evaluate(presented, head, clock.GetUtcNow()) == PreconditionResult.NotModified) return Representation.NotModified(head) with { Coding = coding };
        var range = length is { } known && !IsOfOtherBytes(presented, coding) ? Ranges.Evaluate(presented, head, known) : RangeOutcome.Whole.Instance;
        return Representation.Of(head, range, length).In(coding);
    }

    // RFC 9110 §13.1.5: a date tells no codings apart, so what the client has the beginning of may be a compressed form. It gets the whole.
    private static bool IsOfOtherBytes(RequestHead presented, CodingChoice coding) =>
        coding.Coding is not null && presented.Fields.First(FieldNames.IfRange) is { } condition && !condition.StartsWith('"') && !condition.StartsWith("W/", StringComparison.Ordinal);

    /// <summary>What is sent from now on goes through its coding, if there is room for one more; a response to HEAD is described only.</summary>
    internal Representation Begin(HttpContext context, Representation representation)
    {
        if (!representation.IsCoded || HttpMethods.IsHead(context.Request.Method)) return representation;
        return compressing.TryBegin(context, representation.Coding.Coding!.Value, flushesEach: false) ? representation : representation with { Coding = CodingChoice.Without(NotCompressed.Busy) };
    }

    internal void WriteHead(HttpResponse response, Representation representation, TimeSpan? currentAge, CacheStatus status, Outward outward)
    {
        response.StatusCode = representation.Head.Status;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = representation.Head.Reason;
        var fields = outward.OfFinal(ConnectionFields.ForForwarding(representation.Head.Fields));
        if (currentAge is { } age) fields = fields.With(FieldNames.Age, Seconds(age));
        ResponseFields.Write(response, fields);
        CodedFields.Write(response, representation.Coding);
        if (representation is { Head.Status: StatusCodes.Status304NotModified, Coding.Why: NotCompressed.Status }) CodedFields.WeakenAsAsked(response.HttpContext); // the origin's own
        if (representation.Length is { } length) response.ContentLength = length;
        ResponseFields.AddVia(response, "1.1", pseudonym);
        report.Tell(response, status);
    }

    internal async Task Send(HttpContext context, Stretches stretches, CacheStatus status)
    {
        try
        {
            await stretches.Send(context);
            await CodedBody.Finish(context);
        }
        catch (IncompleteContentException broken)
        {
            CodedBody.GiveUp(context);
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
