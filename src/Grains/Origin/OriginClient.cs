using Granary.Grains.Origin.Addresses;
using Granary.Grains.Origin.Wire;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>
/// The one way from a silo or an edge to origins: the same pool, limits and strictness for fetches and for what is passed.
/// </summary>
public sealed class OriginClient(FetchOptions options, TimeProvider clock, DestinationPolicy policy, NameResolver? resolve = null) : IDisposable
{
    private readonly HttpMessageInvoker _configured =
        OriginHandler.Create(options, GuardedConnect.ToConfiguredOrigins(() => options.ConnectTimeout, clock, resolve));

    private readonly HttpMessageInvoker _anywhere =
        OriginHandler.Create(options, GuardedConnect.ToAnyDestination(policy, () => options.ConnectTimeout, clock, resolve));

    /// <summary>The connections for a route: those to destinations that clients name are held to the destination policy, and never shared with the others.</summary>
    public HttpMessageInvoker ConnectionsFor(OriginRoute route) => route.IsConfigured ? _configured : _anywhere;

    /// <summary>Sends a request without content and waits for the head of the final response. Never throws for what an origin or a network does.</summary>
    public async Task<OriginReply> Ask(RequestHead request, OriginRoute route, Action<int, FieldLines> onInterim)
    {
        using var head = new CancellationTokenSource(options.HeadTimeout, clock);
        var sent = clock.GetUtcNow();
        try
        {
            using var message = OriginRequest.Of(request.Method, route, request.Fields);
            OriginExchange.Current = new OriginExchange { OnInterim = onInterim };
            var response = await ConnectionsFor(route).SendAsync(message, head.Token);
            return new OriginReply.Responded(OriginResponse.HeadOf(response), response, sent, clock.GetUtcNow(), clock.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException or InvalidOperationException)
        {
            return new OriginReply.Failed(OriginError.From(e, head.IsCancellationRequested ? OriginTimer.Head : OriginTimer.None));
        }
    }

    /// <summary>Takes the content in, as fast as it comes and as there is room. On any damage the readers of the content see a cut (P4).</summary>
    public async Task TakeIn(HttpResponseMessage response, ContentWriter writer)
    {
        using (response)
        using (writer)
        using (var intake = new ContentIntake(options, clock, writer))
            await intake.Run(response);
    }

    public void Dispose()
    {
        _configured.Dispose();
        _anywhere.Dispose();
    }
}
