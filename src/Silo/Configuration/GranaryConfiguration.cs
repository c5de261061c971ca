using System.Collections.Immutable;
using Granary.Silo.Configuration.Reading;
using Microsoft.Extensions.Configuration;

namespace Granary.Silo.Configuration;

/// <summary>
/// Reads the configuration of a process: switches over environment over the file of <c>--config</c> over defaults. Never throws for
/// what a user wrote: all mistakes come back together.
/// </summary>
public static class GranaryConfiguration
{
    /// <summary>Every key there is.</summary>
    public static ImmutableArray<SettingDescription> Keys { get; } =
    [
        .. SettingKey.All.Concat(RecordList.AllKeys).Select(k => new SettingDescription(
            k.Key, k.Setting.Switch is { } name ? $"{name} {k.Setting.Argument}" : null, k.DefaultText, k.Setting.Allowed, k.Setting.Summary, k.Setting.NeedsRestart)),
    ];

    /// <param name="args">The command line.</param>
    /// <param name="environment">The environment variables; those of the process if null.</param>
    /// <param name="others">Finds mistakes in the sections that are not ours, now and whenever the file is read again.</param>
    public static ConfigurationOutcome Read(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string?>? environment = null, Func<IConfiguration, IEnumerable<ConfigurationMistake>>? others = null)
    {
        var line = CommandLine.Read(args);
        if (line.HelpAsked) return new ConfigurationOutcome.HelpAsked(HelpText.Of());

        var mistakes = new List<ConfigurationMistake>(line.Mistakes);
        var variables = EnvironmentLayer.Read(environment);
        var (content, file) = ReadFile(line.ConfigFile, mistakes);
        var settings = SettingsReader.Read([line.Layer, variables, file], mistakes);
        var provider = new LayerProvider(file);
        var configuration = new ConfigurationBuilder().Add(provider).Add(new LayerProvider(variables)).Add(new LayerProvider(line.Layer)).Build();
        mistakes.AddRange(LogLevels.MistakesIn(configuration));
        if (others is not null) mistakes.AddRange(others(configuration));
        if (mistakes.Count > 0) return new ConfigurationOutcome.Mistaken([.. mistakes]);

        var source = new SettingsSource(settings, line.ConfigFile, content, provider, line.Layer, variables) { Others = others };
        return new ConfigurationOutcome.Valid(settings, configuration, source);
    }

    private static (byte[]? Content, ConfigurationLayer Layer) ReadFile(string? path, List<ConfigurationMistake> mistakes)
    {
        if (path is null) return (null, new ConfigurationLayer());
        var (content, mistake) = JsonFile.Load(path);
        var layer = default(ConfigurationLayer);
        if (content is not null) (layer, mistake) = JsonFile.Parse(path, content);
        if (mistake is not null) mistakes.Add(mistake);
        return (content, layer ?? new ConfigurationLayer());
    }
}
