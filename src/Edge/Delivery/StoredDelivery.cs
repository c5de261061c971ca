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
            var representation = Represent(presented, answer.Head, reader.Content.Length);         // (2), (3)
            WriteHead(context.Response, representation, answer.CurrentAge, answer.Status);         // (4)
            if (!HttpMethods.IsHead(presented.Method)) await Send(context, reader, answer.Status, representation.Parts); // (5)
            return true;
        }
    }

    internal Representation Represent(RequestHead presented, ResponseHead head, long? length)
    {
        if (Preconditions.Evaluate(presented, head, clock.GetUtcNow()) == PreconditionResult.NotModified) return Representation.NotModified(head);
        var range = length is { } known ? Ranges.Evaluate(presented, head, known) : RangeOutcome.Whole.Instance;
        return Representation.Of(head, range, length);
    }

    internal void WriteHead(HttpResponse response, Representation representation, TimeSpan? currentAge, CacheStatus status)
    {
        response.StatusCode = representation.Head.Status;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature) feature.ReasonPhrase = representation.Head.Reason;
        var fields = ConnectionFields.ForForwarding(representation.Head.Fields);
        if (currentAge is { } age) fields = fields.With(FieldNames.Age, Seconds(age));
        ResponseFields.Write(response, fields);
        if (representation.Length is { } length) response.ContentLength = length;
        ResponseFields.AddVia(response, "1.1", pseudonym);
        report.Tell(response, status);
    }

    private async Task Send(HttpContext context, ContentReader reader, CacheStatus status, IReadOnlyList<Part> parts)
    {
        try
        {
            foreach (var part in parts) await Send(context, reader, part, isOnly: parts.Count == 1);
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
    internal async Task Break(HttpContext context, CacheStatus status, IncompleteContentException broken)
    {
        var error = OriginError.From(broken, headReceived: true);
        if (!context.Response.HasStarted) report.Correct(context.Response, status with { Stored = false, Ttl = null, Detail = error.Token });
        await errors.AnswerAsync(context, new ForwardError.Origin(error));
    }

    private async Task Send(HttpContext context, ContentReader reader, Part part, bool isOnly)
    {
        if (!part.Text.IsEmpty)
        {
            await context.Response.Body.WriteAsync(part.Text, context.RequestAborted);
            return;
        }

        using var other = part.Offset == 0 ? null : Reopen(reader, part.Offset);
        if (other is not null && isOnly) reader.Dispose(); // left standing at 0 it would hold up a writer whose content outgrows the store
        await ContentSending.Send(other ?? reader, part.Length, context);
    }

    private ContentReader Reopen(ContentReader reader, long offset) =>
        store.TryOpen(reader.Content.Id, offset, out var other) ? other : throw new IncompleteContentException("The content is gone.");

    private static string Seconds(TimeSpan age) =>
        ((long)age.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
