namespace Granary.Silo.Configuration;

/// <summary>One thing in the configuration that cannot stand.</summary>
/// <param name="Key">The configuration key, or the switch if it stands for none.</param>
/// <param name="Value">What was given; null if nothing was. Secrets are hidden.</param>
/// <param name="Allowed">What is allowed there.</param>
public sealed record ConfigurationMistake(string Key, string? Value, string Allowed)
{
    /// <summary>The switch, environment variable or file, as the user wrote it.</summary>
    public string? WrittenAs { get; init; }

    /// <summary>What may have been meant.</summary>
    public string? Suggestion { get; init; }
}
