using System.Text;
using Granary.Silo.Configuration.Values;
using Granary.Silo.Hosting;

namespace Granary.Silo.Configuration.Reading;

/// <summary>What of the way out cannot be as it is written.</summary>
internal static class EgressContradictions
{
    /// <summary>RFC 1929 §2.</summary>
    private const int MostBytes = 255;

    public static IEnumerable<(string Key, string? Value, string Allowed)> In(GranarySettings settings)
    {
        var parents = settings.Egress.Parents;
        for (var i = 0; i < parents.Length; i++)
        {
            var (title, at) = (parents[i].TitleAt(i), i);
            if (Enumerable.Range(0, at).Any(other => parents[other].TitleAt(other).Equals(title, StringComparison.OrdinalIgnoreCase))) yield return ($"Granary:Egress:Parents:{i}:Name", title, "each name only once");
            foreach (var (key, value, allowed) in Destinations(parents[i]).Concat(Credentials(parents[i])))
                yield return ($"Granary:Egress:Parents:{i}:{key}", value, allowed);
        }
    }

    private static IEnumerable<(string, string?, string)> Destinations(ParentSettings parents)
    {
        foreach (var host in parents.Hosts)
            if (host.Kind is HostPatternKind.List) yield return ("Hosts", $"{host}", "hosts and domains; lists are for rules of the access policy");
        if (parents.Networks is { IsEmpty: true }) yield return ("Networks", "", "at least one network, or leave it out");
        if (parents is { Proxies.IsEmpty: true, Fallback: ParentFallback.Direct }) yield return ("Fallback", "Direct", "leave it out: without Proxies these hosts are gone to directly anyway");
    }

    private static IEnumerable<(string, string?, string)> Credentials(ParentSettings parents)
    {
        var hasPassword = parents.PasswordFile is not null || parents.PasswordVariable is not null;
        if (parents is { PasswordFile: not null, PasswordVariable: { } variable }) yield return ("PasswordVariable", variable, "the password either here or in PasswordFile");
        if (hasPassword && parents.User is null) yield return ("User", null, "a name, since there is a password");
        if (parents.User is null) yield break;
        if (parents.Proxies.IsEmpty) yield return ("User", parents.User, "leave it out: there are no Proxies");
        if (parents.User.Length == 0 || parents.User.Contains(':', StringComparison.Ordinal) || parents.User.Length > MostBytes) yield return ("User", parents.User, $"1 to {MostBytes} characters without a colon (RFC 7617 §2, RFC 1929 §2)");
        if (!hasPassword) yield return ("PasswordFile", null, "a file, or PasswordVariable, since there is a User");
        else if (ParentGroups.PasswordOf(parents) is not { Length: > 0 } password || Encoding.UTF8.GetByteCount(password) > MostBytes || password.Any(char.IsControl))
            yield return (parents.PasswordFile is null ? "PasswordVariable" : "PasswordFile", parents.PasswordFile ?? parents.PasswordVariable, $"one that has a password of 1 to {MostBytes} bytes");
    }
}
