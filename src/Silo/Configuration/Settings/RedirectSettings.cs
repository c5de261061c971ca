using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>A path, or all below one, that has moved; the first rule that fits counts.</summary>
public sealed record RedirectSettings
{
    /// <summary>Has to be given.</summary>
    [RedirectFrom("What has moved", IsRequired = true)]
    public RedirectFrom From { get; init; } = RedirectFrom.Nowhere;

    /// <summary>Has to be given.</summary>
    [RedirectTo("Where it is now; an asterisk at the end stands for what the one in From stands for", IsRequired = true)]
    public string To { get; init; } = "";

    /// <summary>RFC 9110 §15.4. Default 302.</summary>
    [RedirectStatus("Status of the answer")]
    public int Status { get; init; } = 302;

    /// <summary>Default true.</summary>
    [Flag("Whether the query goes along")]
    public bool KeepQuery { get; init; } = true;
}
