using System.Collections.Immutable;
using System.Net;
using Granary.Edge.Policy.Lists;
using Granary.Grains.Origin.Addresses;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

/// <summary>
/// The criteria of a rule, those that cost least first and the addresses last. A rule that denies or redirects is wide, in doubt it matches; a rule that allows is narrow.
/// </summary>
internal static class RuleCriteria
{
    public static ImmutableArray<Criterion> Of(PolicyRuleSettings rule, ImmutableArray<LoadedList> lists)
    {
        var isWide = rule.Action is not (PolicyAction.Allow or PolicyAction.Inspect);
        Criterion?[] all =
        [
            Given(rule.Ways, "Ways", request => rule.Ways.Contains(request.Way)),
            rule.Ports is { } ports ? Of("Ports", request => IsAmong(ports, request.Port)) : null,
            rule.From is { } from ? Of("From", request => request.From is { } client && from.Contains(client)) : null,
            Given(rule.Methods, "Methods", request => request.Method is { } method && IsNamed(rule.Methods, method, isWide: true)),
            Given(rule.Users, "Users", request => request.User is { } user && (rule.Users.Contains("*") || IsNamed(rule.Users, user.Name, isWide))),
            Given(rule.Groups, "Groups", request => request.User is { Groups.IsDefault: false } user && user.Groups.Any(group => IsNamed(rule.Groups, group, isWide))),
            Given(rule.Times, "Times", Within(rule)),
            Given(rule.FileTypes, "FileTypes", request => request.PathAndQuery is not null && IsType(request, rule.FileTypes, isWide)),
            rule.Hosts.IsEmpty ? null : new Criterion("Hosts", Hosts(rule.Hosts, lists)),
            Given(rule.Urls, "Urls", Urls(rule.Urls, isWide)),
            rule.Addresses is { } networks ? new Criterion("Addresses", Resolved(networks, isWide)) : null,
        ];
        return [.. all.OfType<Criterion>()];
    }

    private static Criterion Of(string name, Func<PolicyRequest, bool> matches) => new(name, request => matches(request) ? Fit.Yes : Fit.No);

    private static Criterion? Given<T>(ImmutableArray<T> values, string name, Func<PolicyRequest, bool> matches) => values.IsEmpty ? null : Of(name, matches);

    private static bool IsAmong(ImmutableArray<PortRange> ports, int port)
    {
        foreach (var range in ports)
            if (range.Contains(port)) return true;
        return false;
    }

    private static bool IsNamed(ImmutableArray<string> names, string name, bool isWide)
    {
        foreach (var each in names)
            if (each.Equals(name, isWide ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return true;
        return false;
    }

    private static Func<PolicyRequest, bool> Within(PolicyRuleSettings rule) => request =>
    {
        var local = TimeZoneInfo.ConvertTime(request.Now, rule.TimeZone).DateTime;
        foreach (var time in rule.Times)
            if (time.Contains(local)) return true;
        return false;
    };

    private static bool IsType(PolicyRequest request, ImmutableArray<string> types, bool isWide)
    {
        var plain = EndsIn(PathForms.File(request.PathAndQuery), types);
        if (plain == isWide) return plain;
        var lax = request.LaxPathAndQuery.AsSpan();
        if (lax.IndexOf('?') is >= 0 and var query) lax = lax[..query];
        return EndsIn(PathForms.File(lax.TrimEnd("/. ")), types); // some servers take these away
    }

    private static bool EndsIn(ReadOnlySpan<char> file, ImmutableArray<string> types)
    {
        foreach (var type in types)
            if (file.EndsWith(type, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    public static Func<PolicyRequest, Fit> Hosts(ImmutableArray<HostPattern> hosts, ImmutableArray<LoadedList> lists)
    {
        var named = hosts.Where(static host => host.Kind is HostPatternKind.List).Select(host => lists.First(list => list.Name.Equals(host.Name, StringComparison.OrdinalIgnoreCase))).ToArray();
        return request =>
        {
            foreach (var host in hosts)
                if (host.Matches(request.Host!)) return Fit.Yes;
            var fit = Fit.No;
            foreach (var list in named)
                if (list.Domains is { } domains ? domains.Covers(request.Host, request.IsAddress) : Missing(list, ref fit)) return Fit.Yes;
            return fit;
        };
    }

    private static bool Missing(LoadedList list, ref Fit fit)
    {
        if (list.Settings.WhenMissing is WhenMissing.Deny) fit = Fit.ListMissing;
        return false;
    }

    private static Func<PolicyRequest, bool> Urls(ImmutableArray<UrlPattern> urls, bool isWide)
    {
        var matches = urls.Select(url => new UrlMatch(url, isWide)).ToArray();
        return request =>
        {
            foreach (var match in matches)
                if (match.Matches(request)) return true;
            return false;
        };
    }

    // Of several addresses nobody knows which one is connected to.
    private static Func<PolicyRequest, Fit> Resolved(CidrSet networks, bool isWide) => request =>
    {
        if (request.Addresses is not { } addresses) return Fit.NeedsAddresses;
        foreach (var address in addresses)
            if (IsIn(networks, address) == isWide) return isWide ? Fit.Yes : Fit.No;
        return isWide ? Fit.No : Fit.Yes;
    };

    // By translation or tunnel a packet ends at the IPv4 address inside.
    private static bool IsIn(CidrSet networks, IPAddress address) =>
        networks.Contains(address)
        || (EmbeddedAddress.TryFind(address, out var first, out var second) && (networks.Contains(EmbeddedAddress.ToAddress(first)) || networks.Contains(EmbeddedAddress.ToAddress(second))));
}
