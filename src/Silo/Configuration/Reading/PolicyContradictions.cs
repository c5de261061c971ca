using System.Collections.Immutable;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Rules of the access policy that cannot be as they are written.</summary>
internal static class PolicyContradictions
{
    // What decides where no rule of the operator does.
    private static readonly string[] OurNames = ["default", "unreadable"];

    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings) => [.. Policy(settings), .. Inspection(settings)];

    private static IEnumerable<(string Key, string? Value, string Allowed)> Policy(GranarySettings settings)
    {
        var (rules, lists) = (settings.Policy.Rules, settings.Policy.Lists);
        for (var i = 0; i < rules.Length; i++)
            foreach (var mistake in Names(rules, i).Concat(Redirect(rules[i])).Concat(Inspect(rules[i])).Concat(Networks(rules[i])).Concat(Others(rules[i], settings)))
                yield return ($"Granary:Policy:Rules:{i}:{mistake.Key}", mistake.Value, mistake.Allowed);
        for (var i = 0; i < lists.Length; i++)
        {
            if (lists.Take(i).Any(other => Same(other.Name, lists[i].Name))) yield return ($"Granary:Policy:Lists:{i}:Name", lists[i].Name, "each name only once");
            if (lists[i] is { File: null, Url: null }) yield return ($"Granary:Policy:Lists:{i}:File", null, "a file, or a URL as Url");
            if (lists[i] is { File: not null, Url: { } url }) yield return ($"Granary:Policy:Lists:{i}:Url", url, "none, since File is given: one of both");
        }
    }

    private static IEnumerable<(string Key, string? Value, string Allowed)> Names(ImmutableArray<PolicyRuleSettings> rules, int at)
    {
        var name = rules[at].TitleAt(at);
        if (OurNames.Any(ours => Same(ours, name))) yield return ("Name", name, "a name of your own; default and unreadable are ours");
        if (Enumerable.Range(0, at).Any(other => Same(rules[other].TitleAt(other), name))) yield return ("Name", name, "each name only once");
    }

    private static IEnumerable<(string Key, string? Value, string Allowed)> Redirect(PolicyRuleSettings rule)
    {
        if (rule is { Action: PolicyAction.Redirect, To: null }) yield return ("To", null, "a URL, since the rule redirects");
        if (rule is { Action: not PolicyAction.Redirect, To: { } idle }) yield return ("To", idle, "none, since the rule does not redirect");
    }

    // What nobody has looked into has neither: the rule would match no tunnel, and so inspect none.
    private static IEnumerable<(string Key, string? Value, string Allowed)> Inspect(PolicyRuleSettings rule)
    {
        if (rule.Action is not PolicyAction.Inspect) yield break;
        if (!rule.Urls.IsEmpty) yield return ("Urls", $"{rule.Urls[0]}", "none, since the rule inspects and a tunnel has no URL: Hosts, and rules with Urls before it");
        if (!rule.FileTypes.IsEmpty) yield return ("FileTypes", rule.FileTypes[0], "none, since the rule inspects and a tunnel has no path: Hosts, and rules with FileTypes before it");
    }

    private static IEnumerable<(string Key, string? Value, string Allowed)> Inspection(GranarySettings settings)
    {
        var inspection = settings.Inspection;
        if (inspection.Certificate is null && settings.Policy.Rules.Any(static rule => rule.Action is PolicyAction.Inspect)) yield return ("Granary:Inspection:Certificate", null, "a file, since a rule of Granary:Policy inspects");
        if (inspection is { Certificate: null, Key: { } key }) yield return ("Granary:Inspection:Key", key, "only together with Granary:Inspection:Certificate");
        if (inspection.Certificate is { } idle && settings.Origin is not null) yield return ("Granary:Inspection:Certificate", idle, "nothing with Granary:Origin: only tunnels of the forward proxy are inspected");
        foreach (var host in inspection.Except)
            if (host.Kind is HostPatternKind.List && !settings.Policy.Lists.Any(list => Same(list.Name, host.Name))) yield return ("Granary:Inspection:Except", $"{host}", "lists of Granary:Policy:Lists by their names");
    }

    // Nothing at all would match nothing, where none given matches everything.
    private static IEnumerable<(string Key, string? Value, string Allowed)> Networks(PolicyRuleSettings rule)
    {
        if (rule.From is { IsEmpty: true }) yield return ("From", "", "at least one network, or leave it out");
        if (rule.Ports is { IsEmpty: true }) yield return ("Ports", "", "at least one port, or leave it out");
        if (rule.Addresses is { IsEmpty: true }) yield return ("Addresses", "", "at least one network, or leave it out");
    }

    private static IEnumerable<(string Key, string? Value, string Allowed)> Others(PolicyRuleSettings rule, GranarySettings settings)
    {
        foreach (var host in rule.Hosts)
            if (host.Kind is HostPatternKind.List && !settings.Policy.Lists.Any(list => Same(list.Name, host.Name))) yield return ("Hosts", $"{host}", "lists of Granary:Policy:Lists by their names");
        if (rule.Limit is { } limit && !settings.RateLimits.Any(known => Same(known.Name, limit))) yield return ("Limit", limit, "the name of one of Granary:RateLimits");
        if (rule is { Action: not (PolicyAction.Allow or PolicyAction.Inspect), Limit: { } idle }) yield return ("Limit", idle, "none, since the rule allows nothing");
        if (rule is { Action: not (PolicyAction.Allow or PolicyAction.Inspect), EgressFrom: { } from }) yield return ("EgressFrom", $"{from}", "none, since the rule allows nothing");
        if (rule.Bandwidth is > 0 and < 1000) yield return ("Bandwidth", Values.ByteSize.Show(rule.Bandwidth), "0B for as fast as it goes, or at least 1KB");
        if (rule is { Action: not (PolicyAction.Allow or PolicyAction.Inspect), Bandwidth: > 0 }) yield return ("Bandwidth", Values.ByteSize.Show(rule.Bandwidth), "none, since the rule allows nothing");
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
