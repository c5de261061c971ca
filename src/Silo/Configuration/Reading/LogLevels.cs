using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Granary.Silo.Configuration.Reading;

/// <summary>The levels in the section <c>Logging</c>: .NET throws at the first that it does not know, at a reload after all else has been taken.</summary>
internal static class LogLevels
{
    private const string Section = "Logging";

    public static IEnumerable<ConfigurationMistake> MistakesIn(IConfiguration configuration) =>
        from entry in configuration.GetSection(Section).AsEnumerable(makePathsRelative: true)
        where IsLevel(entry.Key.Split(':')) && !string.IsNullOrEmpty(entry.Value) && !Enum.TryParse<LogLevel>(entry.Value, ignoreCase: true, out _)
        orderby entry.Key
        select new ConfigurationMistake($"{Section}:{entry.Key}", entry.Value, string.Join(", ", Enum.GetNames<LogLevel>())) { Suggestion = KnownNames.Nearest(entry.Value!, Enum.GetNames<LogLevel>()) };

    // LogLevel:CATEGORY for all, PROVIDER:LogLevel:CATEGORY for one.
    private static bool IsLevel(string[] key) => (key is [var all, _] && Is(all)) || (key is [_, var one, _] && Is(one));

    private static bool Is(string part) => part.Equals("LogLevel", StringComparison.OrdinalIgnoreCase);
}
