using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Domains, each with all that is below it, one on a line or as in a hosts file.</summary>
public sealed record PolicyListSettings
{
    /// <summary>Has to be given, each only once.</summary>
    [Name("What rules call it, as list:NAME in Hosts", IsRequired = true)]
    public string? Name { get; init; }

    /// <summary>Either this or <see cref="Url"/>.</summary>
    [File("File with it, read again when it has changed; either this or Url")]
    public string? File { get; init; }

    /// <summary>Either this or <see cref="File"/>.</summary>
    [HttpUrl("Where it is loaded from; either this or File")]
    public string? Url { get; init; }

    /// <summary>1 min … 7 d. Default 1 h.</summary>
    [Duration("How often a URL is asked again", "1m", "7d")]
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Default Deny.</summary>
    [OneOf("What becomes of requests that are up to the list while it has never been loaded", typeof(WhenMissing))]
    public WhenMissing WhenMissing { get; init; }
}
