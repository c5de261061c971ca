using System.Net;
using Granary.Edge.Tests.Configuration;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Routing;

/// <summary>Granary with a configuration file that has YARP's section, and may be changed.</summary>
internal sealed class RoutedProcess : IAsyncDisposable
{
    private readonly ConfigFile _file;

    private RoutedProcess(OneProcess process, ConfigFile file) => (Process, _file) = (process, file);

    public OneProcess Process { get; }

    /// <param name="routes">The content of <c>Routes</c>.</param>
    /// <param name="clusters">The content of <c>Clusters</c>.</param>
    public static Task<RoutedProcess> Starts(string routes, string clusters, string[]? more = null, ILoggerProvider? logs = null) => StartsWith(Section(routes, clusters), more, logs);

    public static async Task<RoutedProcess> StartsWith(string json, string[]? more = null, ILoggerProvider? logs = null)
    {
        var file = ConfigFile.With(json);
        return new RoutedProcess(await OneProcess.Starts(null, ["--config", file.Path, .. more ?? []], logs), file);
    }

    public static string Section(string routes, string clusters) => $$"""{ "ReverseProxy": { "Routes": { {{routes}} }, "Clusters": { {{clusters}} } } }""";

    public static string Cluster(string name, params Origin[] origins) => Cluster(name, "", origins);

    public static string Cluster(string name, string more, params Origin[] origins)
    {
        var destinations = string.Join(", ", origins.Select((origin, i) => $$"""{{""}}"d{{i}}": { "Address": "{{origin.Url}}/" }"""));
        return $$"""{{""}}"{{name}}": { {{more}} "Destinations": { {{destinations}} } }""";
    }

    /// <summary>The file is another one from now on, and has been read.</summary>
    public void Becomes(string routes, string clusters) => BecomesAll(Section(routes, clusters));

    /// <inheritdoc cref="Becomes"/>
    public void BecomesAll(string json)
    {
        _file.Becomes(json);
        Process.Services.GetRequiredService<SettingsSource>().Reload();
    }

    public Client Client(string? host = null) => new(path => new Uri(Process.Url, path), HttpVersion.Version11, host: host);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _file.Dispose();
    }
}
