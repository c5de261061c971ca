using Granary.Edge.Rules.Limits;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Reading;
using Yarp.ReverseProxy.Configuration;

namespace Granary.Edge.Routing;

/// <summary>
/// Finds all mistakes of YARP's section at once: (1) values that cannot be read  (2) names that lead nowhere, of clusters and of rate limits  (3) what YARP itself finds  (4) what our metadata say.
/// What is mistaken is left out before the next look, so that it does not hide another.
/// </summary>
internal static class RouteMistakes
{
    private const string Section = "ReverseProxy";

    public static IReadOnlyList<ConfigurationMistake> In(IConfiguration configuration)
    {
        // Also what is empty: a cluster without destinations is a cluster.
        var values = configuration.GetSection(Section).AsEnumerable(makePathsRelative: true).Where(static value => value.Key.Length > 0).ToDictionary(StringComparer.OrdinalIgnoreCase);
        if (values.Count == 0) return [];
        var mistakes = new List<ConfigurationMistake>();
        mistakes.AddRange(Unreadable(values));                                 // (1)
        mistakes.AddRange(LeadingNowhere(values));                             // (2)
        mistakes.AddRange(Unlimited(values, configuration));
        mistakes.AddRange(ReadByYarp(values));                                 // (3), (4)
        return mistakes;
    }

    private static List<ConfigurationMistake> ReadByYarp(Dictionary<string, string?> values)
    {
        try
        {
            return FoundByYarp(values).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Whatever it is that YARP stops at is a mistake in its section; at a reload nobody else would catch it.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            return [new(Section, null, $"what YARP can read: {unreadable.Message.ReplaceLineEndings(" ")}")];
        }
    }

    private static List<ConfigurationMistake> Unreadable(Dictionary<string, string?> values)
    {
        var mistakes = new List<ConfigurationMistake>();
        foreach (var (key, text) in values.OrderBy(static value => value.Key, StringComparer.Ordinal).ToArray())
        {
            if (YarpValue.At(key) is not { } value || string.IsNullOrEmpty(text) || value.Holds(text)) continue;
            mistakes.Add(new($"{Section}:{key}", Secrets.Hide(key, text), value.Allowed));
            if (value.Instead is { } instead) values[key] = instead;
            else values.Remove(key);
        }

        return mistakes;
    }

    private static IEnumerable<ConfigurationMistake> LeadingNowhere(Dictionary<string, string?> values)
    {
        var clusters = Names(values, "Clusters");
        foreach (var route in Names(values, "Routes"))
        {
            var key = $"Routes:{route}:ClusterId";
            var cluster = values.GetValueOrDefault(key);
            if (cluster is not null && clusters.Contains(cluster, StringComparer.OrdinalIgnoreCase)) continue;
            var allowed = clusters.Length == 0 ? $"the name of a cluster in {Section}:Clusters, where there is none" : $"a cluster: {string.Join(", ", clusters)}";
            yield return new($"{Section}:{key}", cluster, allowed) { Suggestion = cluster is null || clusters.Length == 0 ? null : KnownNames.Nearest(cluster, clusters) };
        }
    }

    private static IEnumerable<ConfigurationMistake> Unlimited(Dictionary<string, string?> values, IConfiguration configuration)
    {
        string[] limits = [.. configuration.GetSection($"{SettingKey.Root}:RateLimits").GetChildren().Select(static limit => limit["Name"]?.Trim()).OfType<string>()];
        foreach (var key in values.Keys.Where(static key => NamesLimit(key.Split(':'))).Order(StringComparer.Ordinal).ToArray())
        {
            var name = values[key]?.Trim();
            if (string.IsNullOrEmpty(name) || (!RateLimitFilter.IsName(name) && !key.EndsWith(RouteMetadata.RateLimit, StringComparison.OrdinalIgnoreCase))) continue;
            values.Remove(key); // YARP would look for it among policies of ASP.NET Core
            if (limits.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            yield return new($"{Section}:{key}", name, limits.Length == 0 ? "the name of a limit in Granary:RateLimits, where there is none" : $"a limit of Granary:RateLimits: {string.Join(", ", limits)}")
            {
                Suggestion = limits.Length == 0 ? null : KnownNames.Nearest(name, limits),
            };
        }
    }

    private static bool NamesLimit(string[] key) =>
        key.Length > 2 && key[0].Equals("Routes", StringComparison.OrdinalIgnoreCase)
            && (string.Join(':', key[2..]).ToUpperInvariant() is "RATELIMITERPOLICY" or "METADATA:GRANARY.RATELIMIT");

    private static string[] Names(Dictionary<string, string?> values, string of) =>
        [.. values.Keys.Select(static key => key.Split(':')).Where(key => key.Length > 1 && key[0].Equals(of, StringComparison.OrdinalIgnoreCase)).Select(static key => key[1]).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static async Task<List<ConfigurationMistake>> FoundByYarp(Dictionary<string, string?> values)
    {
        var mistakes = new List<ConfigurationMistake>();
        await using var yarp = Yarp(values);
        var validator = yarp.GetRequiredService<IConfigValidator>();
        var read = yarp.GetRequiredService<IProxyConfigProvider>().GetConfig();
        foreach (var cluster in read.Clusters)
            mistakes.AddRange((await validator.ValidateClusterAsync(cluster)).Select(found => Found($"Clusters:{cluster.ClusterId}", found, values)));
        foreach (var route in read.Routes)
        {
            mistakes.AddRange((await validator.ValidateRouteAsync(route)).Select(found => Found($"Routes:{route.RouteId}", found, values)));
            mistakes.AddRange(MetadataMistakes(route, values));
        }

        return mistakes;
    }

    // YARP drops what stands below a key of the metadata; it must not be dropped in silence.
    private static IEnumerable<ConfigurationMistake> MetadataMistakes(RouteConfig route, Dictionary<string, string?> values)
    {
        var at = $"Routes:{route.RouteId}:Metadata";
        var nested = values.Where(value => value.Value is not null && value.Key.StartsWith($"{at}:Granary:", StringComparison.OrdinalIgnoreCase)).ToDictionary(value => value.Key[(at.Length + 1)..], value => value.Value ?? "");
        return RouteMetadata.MistakesIn($"{Section}:{at}", route.Metadata?.Where(static entry => entry.Value is not null).ToDictionary().Concat(nested).ToDictionary());
    }

    private static ConfigurationMistake Found(string at, Exception found, Dictionary<string, string?> values) =>
        new($"{Section}:{at}", string.Join("; ", values.Where(value => value.Value is not null && value.Key.StartsWith($"{at}:", StringComparison.OrdinalIgnoreCase)).Select(value => Shown(value.Key[(at.Length + 1)..], value.Value!))), found.Message.ReplaceLineEndings(" "));

    // What a transform writes into a field may be a credential.
    private static string Shown(string key, string value)
    {
        var isWritten = key.StartsWith("Transforms:", StringComparison.OrdinalIgnoreCase)
            && (key.EndsWith(":Set", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":Append", StringComparison.OrdinalIgnoreCase));
        return $"{key}={(isWritten ? Secrets.Hidden : Secrets.Hide(key, value))}";
    }

    private static ServiceProvider Yarp(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddRequestTimeouts().AddRateLimiter(static _ => { });
        services.AddReverseProxy().LoadFromConfig(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return services.BuildServiceProvider();
    }
}
