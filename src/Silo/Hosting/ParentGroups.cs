using System.Collections.Immutable;
using System.Net;
using Granary.Grains.Egress;
using Granary.Grains.Egress.Dialing;
using Granary.Grains.Egress.Names;
using Granary.Grains.Egress.Parents;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Hosting;

/// <summary>What of the configuration concerns the way out.</summary>
internal static class ParentGroups
{
    /// <param name="parents">Those of the start.</param>
    public static EgressOptions OptionsOf(GranarySettings settings, ImmutableArray<ParentGroup> parents) => new()
    {
        From = settings.Egress.From,
        Dialing = new DialOptions { Families = settings.Egress.Families, AttemptDelay = settings.Egress.AttemptDelay, AvoidFor = settings.Egress.AvoidFor },
        Names = NamesOf(settings.Egress.Names),
        Parents = parents,
        Pseudonym = settings.Pseudonym,
    };

    public static ImmutableArray<ParentGroup> Of(EgressSettings settings) => [.. settings.Parents.Select((parents, place) => Of(parents, place, settings))];

    /// <returns>Null if there is none, or it cannot be read.</returns>
    public static string? PasswordOf(ParentSettings parents)
    {
        try
        {
            return parents.PasswordFile is { } file ? File.ReadLines(file).FirstOrDefault() : parents.PasswordVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static NameOptions NamesOf(EgressNameSettings names) => new()
    {
        Timeout = names.Timeout,
        Keep = names.Keep,
        KeepMissing = names.KeepMissing,
        KeepStale = names.KeepStale,
        Most = names.Most,
        MostLookups = names.MostLookups,
    };

    private static ParentGroup Of(ParentSettings parents, int place, EgressSettings settings) => new(parents.TitleAt(place), host => Serves(parents, host))
    {
        Proxies = [.. parents.Proxies.Select(static proxy => new DnsEndPoint(proxy.IdnHost, proxy.Port))],
        Protocol = parents.Proxies is [{ Scheme: "socks5" }, ..] ? ParentProtocol.Socks5 : ParentProtocol.Http,
        InTurns = parents.Balance is ParentBalance.RoundRobin,
        FallsBack = parents.Fallback is ParentFallback.Direct,
        Credentials = parents.User is { } user ? new ParentCredentials(user, PasswordOf(parents) ?? "") : null,
        Failures = settings.ParentFailures,
        OutFor = settings.ParentOutFor,
    };

    // A host that nobody can read has no parent of its own: it goes with those who take all.
    private static bool Serves(ParentSettings parents, string host)
    {
        var name = HostName.Normal(host, out var isAddress) ?? "";
        var isOfHosts = parents.Hosts.IsEmpty ? parents.Networks is null : parents.Hosts.Any(pattern => pattern.Matches(name));
        return isOfHosts || (isAddress && parents.Networks?.Contains(IPAddress.Parse(name)) == true);
    }
}
