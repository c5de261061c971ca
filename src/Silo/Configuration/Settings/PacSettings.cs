using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>The script that tells browsers which proxy to use: <c>/proxy.pac</c>, <c>/wpad.dat</c>, <c>/.well-known/wpad.dat</c> of the forward proxy's own address.</summary>
public sealed record PacSettings
{
    /// <summary>Default none: there is no script, unless <see cref="File"/> is given.</summary>
    [Proxies("Proxies that browsers shall use, the first that answers; served to them as /proxy.pac and /wpad.dat")]
    public ImmutableArray<Uri> Proxy { get; init; } = [];

    /// <summary>Default none, beside names without a dot and this machine.</summary>
    [HostNames("Hosts that they shall ask without a proxy", DefaultText = "none beside localhost and names without a dot")]
    public ImmutableArray<string> Direct { get; init; } = [];

    /// <summary>Default none.</summary>
    [File("A script of your own in place of that")]
    public string? File { get; init; }
}
