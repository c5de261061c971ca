using Granary.Edge.Hiding;
using Granary.Grains.Resources;
using Granary.Semantics.Messages;
using Granary.Semantics.Ranges;

namespace Granary.Edge.Delivery;

/// <summary>
/// Delivers what was put together from parts:
/// (1) evaluate preconditions and ranges against the whole  (2) cut what is wanted out of the pieces  (3) open it, so that eviction comes too late
/// (4) write the head  (5) send, piece by piece; one that breaks ends the connection early (P4).
/// </summary>
internal sealed class PartsDelivery(Contents contents, StoredDelivery whole)
{
    /// <returns>False, and nothing written, when a content is gone meanwhile: look up again.</returns>
    public async Task<bool> Deliver(HttpContext context, RequestHead presented, Answer.ServeParts answer, Outward outward = default)
    {
        var representation = whole.Represent(presented, answer.Head, answer.CompleteLength);              // (1)
        await using var stretches = new Stretches(representation.Parts.Count);
        if (!HttpMethods.IsHead(presented.Method)
            && !(TryCut(representation, answer, stretches, context.RequestAborted) && await stretches.Open())) return false; // (2), (3)
        whole.WriteHead(context.Response, representation, answer.CurrentAge, answer.Status, outward); // (4)
        await whole.Send(context, stretches, answer.Status);                                              // (5)
        return true;
    }

    private bool TryCut(Representation representation, Answer.ServeParts answer, Stretches stretches, CancellationToken clientGone)
    {
        foreach (var part in representation.Parts)
        {
            if (!part.Text.IsEmpty) stretches.Add(new BytesAtHand(part.Text));
            else if (!TryCut(part, answer, stretches, clientGone)) return false;
        }

        return true;
    }

    private bool TryCut(Part part, Answer.ServeParts answer, Stretches stretches, CancellationToken clientGone)
    {
        var last = part.Length is { } length ? part.Offset + length - 1 : answer.CompleteLength - 1;
        if (Cuts.Of(new ByteRange(part.Offset, last), answer.Pieces) is not { } cuts) return false;
        foreach (var cut in cuts)
        {
            if (contents.Cut(cut.Content, cut.Offset, cut.Length, clientGone) is not { } stretch) return false;
            stretches.Add(stretch);
        }

        return true;
    }
}
