using System.Collections.Immutable;
using Granary.Edge.Hiding;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Edge.Listening;

/// <summary>Interim responses on their way to a client (RFC 9110 §15.2), where its protocol and this server can carry them.</summary>
internal static class Interims
{
    public static bool CanBeSentTo(HttpContext context) => context.Features.Get<IInterimResponseFeature>()?.CanSend == true;

    /// <summary>Sends on what arrives while a request is passed; null where none can be sent.</summary>
    public static Action<int, FieldLines>? SenderTo(HttpContext context, Outward outward)
    {
        if (context.Features.Get<IInterimResponseFeature>() is not { CanSend: true } feature) return null;
        var here = feature.ForThisRequest();
        return (status, fields) => _ = here.SendAsync(status, outward.OfInterim(ConnectionFields.ForForwarding(fields)), CancellationToken.None).AsTask();
    }

    public static async Task Send(HttpContext context, ImmutableArray<ResponseHead> heads, Outward outward)
    {
        if (context.Features.Get<IInterimResponseFeature>() is not { CanSend: true } feature) return;
        foreach (var head in heads)
            if (head.Status is not 100) await feature.SendAsync(head.Status, outward.OfInterim(ConnectionFields.ForForwarding(head.Fields)), context.RequestAborted);
    }
}
