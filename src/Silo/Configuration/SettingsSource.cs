using Granary.Silo.Configuration.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Silo.Configuration;

/// <summary>
/// The settings in force. The file of <c>--config</c> is compared by content every other second (a watcher misses the symbolic links of
/// a mounted ConfigMap and may run out of inotify handles). A file that is broken changes nothing, neither here nor in
/// <see cref="IConfiguration"/>; its mistakes are logged once.
/// A setting that needs a restart keeps its value here until then.
/// </summary>
public sealed class SettingsSource : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly Lock _reloading = new();
    private readonly string? _path;
    private readonly LayerProvider _file;
    private readonly ConfigurationLayer _switches;
    private readonly ConfigurationLayer _environment;
    private byte[]? _content;
    private volatile GranarySettings _current;
    private ILogger _logger = NullLogger.Instance;
    private ITimer? _timer;

    internal SettingsSource(
        GranarySettings settings, string? path, byte[]? content, LayerProvider file, ConfigurationLayer switches, ConfigurationLayer environment)
    {
        (_current, _path, _content, _file, _switches, _environment) = (settings, path, content, file, switches, environment);
    }

    public GranarySettings Current => _current;

    /// <summary>Finds mistakes in sections that are not ours: with any, nothing of a file is taken.</summary>
    internal Func<IConfiguration, IEnumerable<ConfigurationMistake>>? Others { get; init; }

    /// <summary>Called with the new settings after they are in force, on the thread that found them.</summary>
    public event Action<GranarySettings>? Changed;

    /// <summary>Begins to look at the file. Without <c>--config</c> there is nothing to look at.</summary>
    public void Watch(TimeProvider clock, ILogger<SettingsSource> logger)
    {
        _logger = logger;
        if (_path is not null) _timer ??= clock.CreateTimer(static source => ((SettingsSource)source!).Reload(), this, Period, Period);
    }

    /// <summary>Looks at the file now.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            if (_path is null) return;
            var (content, mistake) = JsonFile.Load(_path);
            if (Same(content, _content)) return;
            _content = content;
            if (content is null) _logger.SettingsKept(_path, MistakeText.InOneLine(mistake!));
            else Apply(content);
        }
    }

    public void Dispose() => _timer?.Dispose();

    // Null: the file is away, which is told once like any other mistake.
    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);

    private void Apply(byte[] content)
    {
        var (layer, mistake) = JsonFile.Parse(_path!, content);
        var mistakes = new List<ConfigurationMistake>();
        if (mistake is not null) mistakes.Add(mistake);
        var settings = layer is null ? _current : SettingsReader.Read([_switches, _environment, layer], mistakes);
        var waiting = mistakes.Count == 0 ? KeepUntilRestart(settings) : [];
        // What is kept and what is new have to go together as well: no token may go while its listener stays.
        if (mistakes.Count == 0) mistakes.AddRange(Contradictions.In(settings, static _ => null));
        if (layer is not null) mistakes.AddRange(InOtherSections(Shown(layer)));
        foreach (var each in mistakes) _logger.SettingsKept(_path!, MistakeText.InOneLine(each));
        if (mistakes.Count > 0) return;
        foreach (var key in waiting) _logger.SettingNeedsRestart(key);
        Publish(settings, layer!);
    }

    private IEnumerable<ConfigurationMistake> InOtherSections(IConfigurationRoot shown) => LogLevels.MistakesIn(shown).Concat(Others?.Invoke(shown) ?? []);

    private IConfigurationRoot Shown(ConfigurationLayer layer) =>
        new ConfigurationBuilder().Add(new LayerProvider(layer)).Add(new LayerProvider(_environment)).Add(new LayerProvider(_switches)).Build();

    private List<string> KeepUntilRestart(GranarySettings settings)
    {
        var changed = SettingKey.All.Where(k => k.Setting.NeedsRestart && k.Text(settings) != k.Text(_current)).ToList();
        foreach (var key in changed) key.Set(settings, key.Get(_current));
        var lists = RecordList.All.Where(l => l.RestartText(settings) != l.RestartText(_current)).ToList();
        foreach (var list in lists) list.Copy(settings, _current);
        return [.. changed.Select(key => key.Key), .. lists.Select(list => list.Key)];
    }

    private void Publish(GranarySettings settings, ConfigurationLayer layer)
    {
        _current = settings;
        _logger.SettingsReloaded(_path!);
        Tell(() => Changed?.Invoke(settings));
        Tell(() => _file.Replace(layer));
    }

    // This runs on a timer, where an exception ends the process; and sections that are not ours are read by those who are told here.
    private void Tell(Action listeners)
    {
        try
        {
            listeners();
        }
#pragma warning disable CA1031 // Whatever a listener throws, the proxy goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _logger.SettingsNotTaken(e, _path!);
        }
    }
}
