namespace Granary.Silo.Configuration.Reading;

/// <summary>The switches: <c>--origin URL</c>, <c>--origin=URL</c>, and any key in full, <c>--Granary:Fetch:HeadTimeout 5s</c>.</summary>
internal sealed class CommandLine
{
    private const string ConfigSwitch = "--config";
    private readonly List<ConfigurationMistake> _mistakes = [];

    public ConfigurationLayer Layer { get; } = new() { PolicesSections = true };

    public string? ConfigFile { get; private set; }

    public bool HelpAsked { get; private set; }

    public IReadOnlyList<ConfigurationMistake> Mistakes => _mistakes;

    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (line.IsAlone(name)) continue;
            // What begins like a switch is one: the value of the switch before it has been forgotten.
            if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) value = args[++i];
            line.Take(name, value);
        }

        return line;
    }

    private static (string Name, string? Value) Split(string arg) =>
        arg.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && arg.StartsWith("--", StringComparison.Ordinal)
            ? (arg[..equals], arg[(equals + 1)..])
            : (arg, null);

    private bool IsAlone(string name)
    {
        if (name is "--help" or "-h" or "-?" or "/?") return HelpAsked = true;
        if (name.StartsWith("--", StringComparison.Ordinal)) return false;
        _mistakes.Add(new(name, null, "switches begin with --; --help lists them"));
        return true;
    }

    private void Take(string name, string? value)
    {
        var isConfig = name.Equals(ConfigSwitch, StringComparison.OrdinalIgnoreCase);
        var setting = SettingKey.BySwitch.GetValueOrDefault(name);
        if (!isConfig && setting is null && !name.Contains(':', StringComparison.Ordinal))
            _mistakes.Add(UnknownSwitch(name, value, KnownNames.SwitchNear(name, value)));
        else if (value is null)
            _mistakes.Add(new(setting?.Key ?? name, null, setting?.Setting.Allowed ?? "a value behind it") { WrittenAs = name });
        else if (isConfig)
            ConfigFile = value;
        else if (setting?.Setting.IsList == true)
            Layer.Append(setting.Key, value, name);
        else
            Layer.Set(setting?.Key ?? name[2..], value, name);
    }

    private static ConfigurationMistake UnknownSwitch(string name, string? value, string? suggestion) =>
        new(name, Secrets.Hide(name, value, suggestion), "there is no such switch; --help lists them") { Suggestion = suggestion };
}
