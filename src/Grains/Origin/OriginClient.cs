using System.Collections.Concurrent;
using Granary.Grains.Egress;
using Granary.Grains.Origin.Addresses;
using Granary.Grains.Origin.Tls;
using Granary.Grains.Origin.Wire;
using Granary.Grains.Store;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;

namespace Granary.Grains.Origin;

/// <summary>
/// The one way from a silo or an edge to origins: the same pool, limits and strictness for fetches and for what is passed.
/// </summary>
public sealed class OriginClient : IDisposable
{
    /// <summary>Few: as many as there are kinds of clusters. Those of a former configuration stay, their connections end when they are idle.</summary>
    private readonly ConcurrentDictionary<ConnectionTraits, Lazy<HttpMessageInvoker>> _byTraits = new();

    private readonly Func<FetchOptions> _options;
    private readonly TimeProvider _clock;
    private readonly WayOut _way;
    private readonly GuardedConnect _toAnywhere;
    private readonly OriginTrust _trust;
    private readonly HttpMessageInvoker _configured;
    private readonly HttpMessageInvoker _lone;
    private readonly HttpMessageInvoker _anywhere;

    /// <summary>The same from other addresses: as many as rules name.</summary>
    private readonly ConcurrentDictionary<SourceAddresses, Lazy<HttpMessageInvoker>> _anywhereFrom = new();

    public OriginClient(Func<FetchOptions> options, TimeProvider clock, DestinationPolicy policy, WayOut way)
    {
        (_options, _clock, _way) = (options, clock, way);
        var now = options();
        _trust = new OriginTrust(now.Tls, clock);
        _configured = Create(ConnectionTraits.Default);
        _lone = now.Tls.ServerName is { } name ? Create(ConnectionTraits.Default, name) : _configured;
        _toAnywhere = GuardedConnect.ToAnyDestination(policy, () => options().ConnectTimeout, way);
        _anywhere = Anywhere(_toAnywhere);
    }

    /// <summary>The way for requests that are passed: the same connections, with the same limits of time up to the head of the answer.</summary>
    /// <param name="from">Where connections to what clients name come from; null: from where fetches do.</param>
    public HttpMessageInvoker PassageTo(OriginRoute route, SourceAddresses? from = null) => new(new Passage(ConnectionsFor(route, from), () => LimitsFor(route.Group), _clock), disposeHandler: false);

    /// <summary>The same to the destinations of a cluster.</summary>
    public HttpMessageInvoker PassageBy(ConnectionTraits traits) => new(new Passage(ConnectionsWith(traits), _options, _clock), disposeHandler: false);

    /// <summary>Holds the content of a passed answer to the limits of time that a fetched one has.</summary>
    /// <param name="onFirstWait">Called once if the first bytes of the content are not there at once: time to send the head on.</param>
    public void Pace(HttpResponseMessage response, OriginRoute route, Func<Task> onFirstWait)
    {
        var isStream = !ContentLength.IsDeclaredIn(response);
        Func<TimeSpan>? quiet = response.RequestMessage?.Content is TimedContent sent ? () => sent.Quiet : null;
        response.Content = new PacedContent(response.Content, new ContentPace(LimitsFor(route.Group), _clock, () => isStream, quiet), onFirstWait);
    }

    /// <summary>Sends a request without content and waits for the head of the final response. Never throws for what an origin or a network does.</summary>
    public async Task<OriginReply> Ask(RequestHead request, OriginRoute route, Action<int, FieldLines> onInterim)
    {
        if (route.Destination.Length == 0) return new OriginReply.Failed(new OriginError(OriginFault.NoDestination));
        using var head = new CancellationTokenSource(LimitsFor(route.Group).HeadTimeout, _clock);
        var sent = _clock.GetUtcNow();
        try
        {
            using var message = OriginRequest.Of(request.Method, route, request.Fields);
            OriginExchange.Current = new OriginExchange { OnInterim = onInterim };
            var response = await ConnectionsFor(route).SendAsync(message, head.Token);
            return new OriginReply.Responded(OriginResponse.HeadOf(response), response, sent, _clock.GetUtcNow(), _clock.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException or InvalidOperationException)
        {
            return new OriginReply.Failed(OriginError.From(e, head.IsCancellationRequested ? OriginTimer.Head : OriginTimer.None));
        }
    }

    /// <summary>Takes the content in, as fast as it comes and as there is room. On any damage the readers of the content see a cut (P4).</summary>
    public async Task TakeIn(HttpResponseMessage response, OriginRoute route, ContentWriter writer)
    {
        using (response)
        using (writer)
            await new ContentIntake(LimitsFor(route.Group), _clock, writer).Run(response).ConfigureAwait(false);
    }

    // Those to destinations that clients name are held to the destination policy, and never shared with the others.
    private HttpMessageInvoker ConnectionsFor(OriginRoute route, SourceAddresses? from = null) =>
        !route.IsConfigured ? AnywhereFrom(from) : route.Group is { } group ? ConnectionsWith(group.Connections) : _lone;

    private HttpMessageInvoker AnywhereFrom(SourceAddresses? from) =>
        from is null ? _anywhere : _anywhereFrom.GetOrAdd(from, static (from, self) => new(() => self.Anywhere(self._toAnywhere.From(from))), this).Value;

    private HttpMessageInvoker Anywhere(GuardedConnect connect)
    {
        var direct = OriginHandler.Create(_options(), connect, ConnectionTraits.Default, _trust, isConfigured: false);
        return _way.Parents is null ? direct
            : new HttpMessageInvoker(new ByParents(direct, connect, road => OriginHandler.Create(_options(), connect, ConnectionTraits.Default, _trust, isConfigured: false, road: road)));
    }

    private HttpMessageInvoker ConnectionsWith(ConnectionTraits traits) =>
        ReferenceEquals(traits, ConnectionTraits.Default) || traits == ConnectionTraits.Default
            ? _configured
            : _byTraits.GetOrAdd(traits, static (traits, self) => new(() => self.Create(traits)), this).Value;

    private HttpMessageInvoker Create(ConnectionTraits traits, string? name = null) =>
        OriginHandler.Create(_options(), GuardedConnect.ToConfiguredOrigins(() => _options().ConnectTimeout, _way), traits, _trust, isConfigured: true, name);

    private FetchOptions LimitsFor(OriginGroup? group) => group?.Limit(_options()) ?? _options();

    public void Dispose()
    {
        _configured.Dispose();
        _lone.Dispose();
        _anywhere.Dispose();
        foreach (var made in _byTraits.Values.Concat(_anywhereFrom.Values))
            if (made.IsValueCreated) made.Value.Dispose();
    }
}
