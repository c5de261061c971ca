using System.Net;
using System.Text;
using Granary.Edge.Policy;
using Granary.Edge.Policy.Lists;
using Granary.Edge.Users;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Tests.Policy;

/// <summary>Policies as they are written, and what clients ask for as it comes.</summary>
internal static class Rules
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero); // a Monday

    /// <param name="settings">What follows <c>Granary:Policy:</c>, as <c>Rules:0:Action=Deny</c>.</param>
    public static AccessPolicy Of(params string[] settings)
    {
        var policy = ((ConfigurationOutcome.Valid)Read(settings)).Settings.Policy;
        return new AccessPolicy(policy, [.. policy.Lists.Select(static list => new LoadedList(list))]);
    }

    public static ConfigurationOutcome Read(params string[] settings) =>
        GranaryConfiguration.Read([.. settings.SelectMany(static each => new[] { $"--Granary:{(each.StartsWith("RateLimits", StringComparison.Ordinal) ? "" : "Policy:")}{each.Split('=', 2)[0]}", each.Split('=', 2)[1] })], new Dictionary<string, string?>());

    /// <summary>As switches of a process.</summary>
    public static string[] Switches(params string[] settings) =>
        [.. settings.SelectMany(static each => new[] { $"--Granary:{(each.StartsWith("RateLimits", StringComparison.Ordinal) ? "" : "Policy:")}{each.Split('=', 2)[0]}", each.Split('=', 2)[1] })];

    public static Judgment Gets(this AccessPolicy policy, string target, string method = "GET", string from = "192.0.2.1", ClientIdentity? user = null, DateTimeOffset? at = null, string[]? addresses = null)
    {
        var request = PolicyRequest.OfUri(IPAddress.Parse(from), user, method, TargetUri.Effective("http", "", target) ?? throw new FormatException(target), at ?? Noon);
        if (addresses is not null) request.Addresses = [.. addresses.Select(IPAddress.Parse)];
        return policy.Judge(request);
    }

    public static Judgment Opens(this AccessPolicy policy, string host, int port = 443, PolicyWay way = PolicyWay.Connect, string[]? addresses = null)
    {
        var request = PolicyRequest.OfTunnel(IPAddress.Parse("192.0.2.1"), null, way, host, port, Noon);
        if (addresses is not null) request.Addresses = [.. addresses.Select(IPAddress.Parse)];
        return policy.Judge(request);
    }

    public static ListReading List(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return ListReading.Of(content, content.Length, CancellationToken.None).GetAwaiter().GetResult();
    }
}
