using Granary.Edge.Errors;
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
/// (1) find the content  (2) evaluate preconditions  (3) evaluate ranges  (4) write the head  (5) send the content at the client's pace.
/// </summary>
internal sealed class StoredDelivery(ResponseStore store, TimeProvider clock, ErrorAnswers errors, CacheStatusReport report, Pseudonym pseudonym)
{
    /// <returns>False, and nothing written, when the content is gone meanwhile: look up again.</returns>
    public async Task<bool> Deliver(HttpContext context, RequestHead presented, Answer.Serve answer)
    {
        if (!store.TryOpen(answer.Content.Id, 0, out var reader)) return false;                    // (1)
        using (reader)
        {
            var representation = Represent(presented, answer, reader.Content.Length);              // (2), (3)
            WriteHead(context.Response, answer, representation);                                   // (4)
            if (!HttpMethods.IsHead(presented.Method)) await Send(context, reader, answer.Status, representation.Parts); // (5)
            return true;
        }
    }

    private Representation Represent(RequestHead presented, Answer.Serve answer, long? length)
    {
        if (Preconditions.Evaluate(presented, answer.Head, clock.GetUtcNow()) == PreconditionResult.NotModified)
            return Representation.NotModified(answer.Head);
        var range = length is { } known ? Ranges.Evaluate(presented, answer.Head, known) : RangeOutcome.Whole.Instance;
        return Representation.Of(answer.Head, range, length);
    }

    private void WriteHead(HttpResponse response, Answer.Serve answer, Representation representation)
    {
        response.StatusCode = representation.Head.Status;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = representation.Head.Reason;
        var fields = ConnectionFields.ForForwarding(representation.Head.Fields);
        if (answer.CurrentAge is { } age) fields = fields.With(FieldNames.Age, Seconds(age));
        ResponseFields.Write(response, fields);
        if (representation.Length is { } length) response.ContentLength = length;
        ResponseFields.AddVia(response, "1.1", pseudonym);
        report.Tell(response, answer.Status);
    }

    private async Task Send(HttpContext context, ContentReader reader, CacheStatus status, IReadOnlyList<Part> parts)
    {
        try
        {
            foreach (var part in parts) await Send(context, reader, part);
        }
        catch (IncompleteContentException broken)
        {
            // P4: a 502, or once the head is out a connection that visibly ends early.
            var error = OriginError.From(broken, headReceived: true);
            if (!context.Response.HasStarted) report.Correct(context.Response, status with { Stored = false, Ttl = null, Detail = error.Token });
            await errors.AnswerAsync(context, new ForwardError.Origin(error));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            errors.Count(ForwardError.ClientGone);
        }
    }

    private async Task Send(HttpContext context, ContentReader reader, Part part)
    {
        if (!part.Text.IsEmpty)
        {
            await context.Response.Body.WriteAsync(part.Text, context.RequestAborted);
            return;
        }

        using var other = part.Offset == 0 ? null : Reopen(reader, part.Offset);
        await ContentSending.Send(other ?? reader, part.Length, context);
    }

    private ContentReader Reopen(ContentReader reader, long offset) =>
        store.TryOpen(reader.Content.Id, offset, out var other) ? other : throw new IncompleteContentException("The content is gone.");

    private static string Seconds(TimeSpan age) =>
        ((long)age.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
