using System.Collections.Frozen;
using System.Net;
using System.Runtime.CompilerServices;
using Granary.Edge.Routing;
using Granary.Edge.Rules.Compression;
using Yarp.ReverseProxy.Model;

namespace Granary.Edge.Delivery;

/// <summary>
/// Applies a route's transforms of responses to what the cache delivers, as the last thing before the head is sent: each client gets them, whoever fetched the response.
/// </summary>
internal static class RouteTransforms
{
    // How much is sent, and what the cache says of itself, are decided; a transform that takes the rest away must not take these.
    private static readonly FrozenSet<string> Decided = FrozenSet.ToFrozenSet(
        ["Content-Length", "Content-Range", "Transfer-Encoding", "Connection", "Trailer", "Age", "Date", "Via", "Cache-Status"], StringComparer.OrdinalIgnoreCase);

    private static readonly ConditionalWeakTable<ClusterModel, ClusterModel> WithoutSessions = [];

    public static void ApplyLater(HttpContext context, Routed routed) =>
        context.Response.OnStarting(static state => Apply((Delivered)state), new Delivered(context, routed));

    private static async Task Apply(Delivered delivered)
    {
        var (context, routed) = delivered;
        if (routed.IsPassed) return;
        using var message = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode);
        var fields = context.Response.Headers;
        foreach (var (name, values) in fields.Where(static field => !Decided.Contains(field.Key)).ToArray())
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            fields.Remove(name);
        }

        var decided = fields.ToArray();
        var status = context.Response.StatusCode;
        context.Features.Set<IReverseProxyFeature>(new Sessionless(routed.Proxy));
        await routed.Transformer.TransformResponseAsync(context, message, CancellationToken.None);
        context.Features.Set(routed.Proxy);
        context.Response.StatusCode = status;
        if (context.Features.Get<CodingChoice>() is { } coding) CodedFields.Write(context.Response, coding); // nor what its coding needs
        foreach (var (name, values) in decided) fields[name] = values;
    }

    private sealed record Delivered(HttpContext Context, Routed Routed);

    /// <summary>What is stored belongs to no session, so no transform must begin one: there is no destination to be bound to.</summary>
    private sealed class Sessionless(IReverseProxyFeature proxy) : IReverseProxyFeature
    {
        public RouteModel Route => proxy.Route;

        public ClusterModel Cluster => WithoutSessions.GetValue(proxy.Cluster, static model => new ClusterModel(model.Config with { SessionAffinity = null }, model.HttpClient));

        public IReadOnlyList<DestinationState> AllDestinations => proxy.AllDestinations;

        public IReadOnlyList<DestinationState> AvailableDestinations { get => proxy.AvailableDestinations; set => proxy.AvailableDestinations = value; }

        public DestinationState? ProxiedDestination { get => proxy.ProxiedDestination; set => proxy.ProxiedDestination = value; }
    }
}
