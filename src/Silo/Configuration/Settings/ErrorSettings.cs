using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>What people see of errors.</summary>
public sealed record ErrorSettings
{
    /// <summary>Default none.</summary>
    [Folder("Directory with pages for clients that want HTML: maintenance.html or another error's word, 404.html, 4xx.html, 5xx.html, error.html, the first that is there")]
    public string? Pages { get; init; }
}
