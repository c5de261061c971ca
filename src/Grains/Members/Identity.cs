namespace Granary.Grains.Members;

/// <summary>Who this silo is.</summary>
/// <param name="Name">Stable across restarts.</param>
/// <param name="Endpoint">Its content port with its key, once it is bound.</param>
public sealed record Identity(string Name, Func<string> Endpoint);
