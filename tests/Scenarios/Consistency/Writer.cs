using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// Makes newer versions and purges the older ones, in every way that there is, at any edge and any silo; and looks at once, at all edges, whether it holds. Only what was answered
/// with success counts as acknowledged.
/// </summary>
internal sealed class Writer(Site site, History history, Places places, Attention attention, Saboteur saboteur, PurgeReport report, Random random) : IDisposable
{
    /// <summary>An edge says so of an unsafe request that succeeded while not every silo acknowledged the invalidation.</summary>
    private const string NotSure = "detail=invalidation-not-sure";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(40) };

    /// <summary>One change and its purge.</summary>
    public async Task Purges(IReadOnlyList<Reader> readers)
    {
        if (Next() is not { } order) return;
        if (!order.IsForTheOrigin)
            foreach (var resource in order.Purged) history.Changes(resource.Number);
        var purge = history.Sends(order.What, [.. order.Purged.Select(static resource => resource.Number)]);
        if (await Acknowledged(order, purge) is not { } acknowledged) return;
        history.Acknowledges(acknowledged);
        for (var i = 0; i < Math.Min(order.Purged.Count, 12); i++) attention.Turns(order.Purged[random.Next(order.Purged.Count)]);
        var one = order.Purged[random.Next(order.Purged.Count)];
        await Task.WhenAll(readers.Select(reader => reader.Reads(one, Site.Languages[random.Next(2)])));
    }

    public void Dispose() => _http.Dispose();

    /// <returns>What has been acknowledged; null if nothing was.</returns>
    private async Task<History.Purge?> Acknowledged(Order order, History.Purge purge)
    {
        var (began, faults) = (TimeProvider.System.GetTimestamp(), saboteur.Turns);
        try
        {
            using var request = order.Request();
            using var response = await _http.SendAsync(request);
            var isSure = response.IsSuccessStatusCode && !Field(response, "Cache-Status").Contains(NotSure, StringComparison.Ordinal);
            if (!isSure) report.Refuses((int)response.StatusCode);
            else report.Acknowledges(order.Kind, TimeProvider.System.GetElapsedTime(began), isHealthy: !saboteur.IsAtWork && saboteur.Turns == faults);
            if (!isSure) return null;
            return order.IsForTheOrigin ? purge with { Before = [(order.Purged[0].Number, long.Parse(Field(response, Site.Line).Split(' ')[1], CultureInfo.InvariantCulture))] } : purge;
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException)
        {
            report.Leaves();
            return null;
        }
    }

    private static string Field(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    /// <returns>Null if there is nobody in the place that was drawn.</returns>
    private Order? Next()
    {
        var one = attention.Next(random);
        var isSoft = random.Next(4) == 0;
        return random.Next(100) switch
        {
            < 30 => AtProxy("PURGE", one, isSoft ? "Granary-Purge: soft" : null),
            < 40 => AtProxy("POST", one, null),
            < 55 => AtAdmin("url", one.Url, [one], isSoft),
            < 62 => Batch(isSoft),
            < 84 => AtAdmin("tag", one.Tag, site.WithTag(one), isSoft),
            < 93 => AtAdmin("prefix", one.Prefix, site.InDirectory(one), isSoft),
            < 98 => AtAdmin("host", one.Host, site.InHost(one), isSoft),
            _ => AtAdmin("all", true, site.Resources, isSoft),
        };
    }

    private Order? Batch(bool isSoft)
    {
        Resource[] some = [.. Enumerable.Range(0, 8).Select(_ => attention.Next(random)).Distinct()];
        return AtAdmin("urls", some.Select(static resource => resource.Url), some, isSoft);
    }

    private Order? AtProxy(string method, Resource resource, string? field)
    {
        var place = random.Next(places.Edges);
        if (places.Edge(place)?.Url is not { } edge) return null;
        return new Order(method, $"{method} {field} at edge {place}", [resource], method == "POST", () =>
        {
            var request = new HttpRequestMessage(new HttpMethod(method), new Uri(edge, resource.Path));
            request.Headers.Host = resource.Host;
            if (field?.Split(": ") is [var name, var value]) request.Headers.Add(name, value);
            return request;
        });
    }

    private Order? AtAdmin(string scope, object value, Resource[] purged, bool isSoft)
    {
        var isEdge = random.Next(2) == 0;
        var place = random.Next(isEdge ? places.Edges : places.Silos);
        if ((isEdge ? places.Edge(place)?.Admin : places.Silo(place)?.Health.Admin) is not { } admin) return null;
        var content = JsonSerializer.Serialize(new Dictionary<string, object> { [scope] = value, ["soft"] = isSoft });
        return new Order(scope, $"{content} at {(isEdge ? "edge" : "silo")} {place}", purged, false, () => new HttpRequestMessage(HttpMethod.Post, new Uri(admin, "/purge")) { Content = new StringContent(content, Encoding.UTF8, "application/json") });
    }

    /// <param name="IsForTheOrigin">An unsafe request: the origin makes the newer version and says which.</param>
    private sealed record Order(string Kind, string What, IReadOnlyList<Resource> Purged, bool IsForTheOrigin, Func<HttpRequestMessage> Request);
}
