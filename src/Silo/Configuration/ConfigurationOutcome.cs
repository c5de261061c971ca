using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace Granary.Silo.Configuration;

/// <summary>What came of reading the configuration.</summary>
public abstract record ConfigurationOutcome
{
    private ConfigurationOutcome() { }

    /// <summary>Everything is valid. <paramref name="Configuration"/> also has the sections that are not ours, for Kestrel, YARP and logging.</summary>
    public sealed record Valid(GranarySettings Settings, IConfigurationRoot Configuration, SettingsSource Source) : ConfigurationOutcome;

    /// <summary>Write <see cref="Message"/> to standard error and end with <see cref="ExitCode"/>.</summary>
    public sealed record Mistaken(ImmutableArray<ConfigurationMistake> Mistakes) : ConfigurationOutcome
    {
        public const int ExitCode = 2;

        public string Message => MistakeText.Of(Mistakes);
    }

    /// <summary>The user asked for help: write the text to standard output and end with 0.</summary>
    public sealed record HelpAsked(string Text) : ConfigurationOutcome;
}
