using System.Collections.Immutable;
using Granary.Grains.Store;
using Granary.Semantics.Messages;
using Granary.Semantics.Preconditions;

namespace Granary.Grains.Resources;

/// <summary>Makes answers fit to leave the process: says where their content lies, and puts small content in. In one process nothing is done to them.</summary>
/// <param name="endpoint">For <see cref="ContentAddress.Endpoint"/>; null in one process, or while there is no port yet.</param>
/// <param name="inlineLimit">The largest content to put in, in bytes.</param>
public sealed class OutgoingAnswers(ResponseStore store, Func<string?> endpoint, Func<long> inlineLimit, TimeProvider clock)
{
    /// <summary>For one process.</summary>
    public static OutgoingAnswers Nowhere(ResponseStore store, TimeProvider clock) => new(store, static () => null, static () => 0, clock);

    public Answer Stamp(Answer answer, RequestHead presented)
    {
        if (endpoint() is not { } here) return answer;
        return answer switch
        {
            Answer.Serve { Content.Endpoint: null } serve => serve with { Content = serve.Content with { Endpoint = here }, Inline = InlineOf(serve, presented) },
            Answer.ServeParts parts => parts with { Pieces = [.. parts.Pieces.Select(piece => Stamp(piece, here))] },
            _ => answer,
        };
    }

    private static Piece Stamp(Piece piece, string here) =>
        piece.Content.Endpoint is null ? piece with { Content = piece.Content with { Endpoint = here } } : piece;

    private InlineContent? InlineOf(Answer.Serve serve, RequestHead presented)
    {
        if (store.Peek(serve.Content.Id) is not { IsRetained: true, HasArrived: true, Length: { } length } content || length > inlineLimit()) return null;
        return IsWanted(serve, presented) ? new InlineContent(content) : null;
    }

    private bool IsWanted(Answer.Serve serve, RequestHead presented) =>
        presented.Method != Methods.Head && Preconditions.Evaluate(presented, serve.Head, clock.GetUtcNow()) == PreconditionResult.Proceed;
}
