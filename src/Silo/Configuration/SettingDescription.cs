namespace Granary.Silo.Configuration;

/// <summary>What there is to say of one key, for help, documentation and the live page.</summary>
/// <param name="Key">The configuration key. In keys of records in a list 0 stands for every number.</param>
/// <param name="Switch">The switch with its argument; null if only the full key is one.</param>
/// <param name="Default">The default as one would write it, or in words.</param>
/// <param name="Allowed">What a value may be.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="NeedsRestart">Does not hold before the next start.</param>
public sealed record SettingDescription(string Key, string? Switch, string Default, string Allowed, string Summary, bool NeedsRestart);
