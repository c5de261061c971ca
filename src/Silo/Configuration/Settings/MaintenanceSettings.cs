using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Origins of the reverse proxy are left alone for a while.</summary>
public sealed record MaintenanceSettings
{
    /// <summary>Default false. The switch on the admin port comes before it.</summary>
    [Flag("Whether clients of the reverse proxy get 503 in place of what would be asked of an origin")]
    public bool On { get; init; }

    /// <summary>1 s … 7 d. Default 2 min.</summary>
    [Duration("When clients are told to come back", "1s", "7d")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Default true.</summary>
    [Flag("Whether what is stored and fresh is served meanwhile")]
    public bool AnswerFromCache { get; init; } = true;

    /// <summary>Default none.</summary>
    [Networks("Clients for whom all goes on as usual, to look at the site before others do", DefaultText = "none")]
    public CidrSet Except { get; init; } = CidrSet.Empty;
}
