using Granary.Edge.Errors;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Delivery;

/// <summary>
/// Delivers what was put together from parts:
/// (1) evaluate preconditions and ranges against the whole  (2) cut what is wanted out of the pieces  (3) open all of it, so that eviction comes too late
/// (4) write the head  (5) send, piece by piece; one that breaks ends the connection early (P4).
/// </summary>
internal sealed class PartsDelivery(ResponseStore store, StoredDelivery whole, ErrorAnswers errors)
{
    /// <returns>False, and nothing written, when a content is gone meanwhile: look up again.</returns>
    public async Task<bool> Deliver(HttpContext context, RequestHead presented, Answer.ServeParts answer)
    {
        var representation = whole.Represent(presented, answer.Head, answer.CompleteLength);              // (1)
        var stretches = new List<Stretch>();
        try
        {
            if (!HttpMethods.IsHead(presented.Method) && !TryOpen(representation, answer, stretches)) return false; // (2), (3)
            whole.WriteHead(context.Response, representation, answer.CurrentAge, answer.Status);          // (4)
            await Send(context, answer.Status, stretches);                                                             // (5)
            return true;
        }
        finally
        {
            foreach (var stretch in stretches) stretch.Reader?.Dispose();
        }
    }

    private bool TryOpen(Representation representation, Answer.ServeParts answer, List<Stretch> stretches)
    {
        foreach (var part in representation.Parts)
        {
            if (!part.Text.IsEmpty) stretches.Add(new Stretch(null, 0, part.Text));
            else if (!TryOpen(part, answer, stretches)) return false;
        }

        return true;
    }

    private bool TryOpen(Part part, Answer.ServeParts answer, List<Stretch> stretches)
    {
        var last = part.Length is { } length ? part.Offset + length - 1 : answer.CompleteLength - 1;
        if (Cuts.Of(new ByteRange(part.Offset, last), answer.Pieces) is not { } cuts) return false;
        foreach (var cut in cuts)
        {
            if (!store.TryOpen(cut.Content.Id, cut.Offset, out var reader)) return false;
            stretches.Add(new Stretch(reader, cut.Length, default));
        }

        return true;
    }

    private async Task Send(HttpContext context, CacheStatus status, List<Stretch> stretches)
    {
        try
        {
            foreach (var stretch in stretches)
                if (stretch.Reader is { } reader) await ContentSending.Send(reader, stretch.Length, context);
                else await context.Response.Body.WriteAsync(stretch.Text, context.RequestAborted);
        }
        catch (IncompleteContentException broken)
        {
            await whole.Break(context, status, broken);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            errors.Count(ForwardError.ClientGone);
        }
    }

    private readonly record struct Stretch(ContentReader? Reader, long Length, ReadOnlyMemory<byte> Text);
}
