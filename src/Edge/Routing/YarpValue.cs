using System.Globalization;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace Granary.Edge.Routing;

/// <summary>
/// What may stand at the keys of YARP's section that are no free text. YARP reads them one by one and stops at the first that it cannot read; a person wants to know of all.
/// </summary>
internal sealed record YarpValue(string Pattern, string Allowed, Predicate<string> Holds, string? Instead = null)
{
    private static readonly YarpValue[] All =
    [
        Whole("Routes:*:Order", int.MinValue, int.MaxValue), Whole("Routes:*:MaxRequestBodySize"), Span("Routes:*:Timeout"),
        OneOf<HeaderMatchMode>("Routes:*:Match:Headers:*:Mode"), Flag("Routes:*:Match:Headers:*:IsCaseSensitive"),
        OneOf<QueryParameterMatchMode>("Routes:*:Match:QueryParameters:*:Mode"), Flag("Routes:*:Match:QueryParameters:*:IsCaseSensitive"),
        Address("Clusters:*:Destinations:*:Address"), Address("Clusters:*:Destinations:*:Health"), Address("Clusters:*:HttpClient:WebProxy:Address"),
        Words("Clusters:*:LoadBalancingPolicy", [LoadBalancingPolicies.PowerOfTwoChoices, LoadBalancingPolicies.FirstAlphabetical, LoadBalancingPolicies.Random, LoadBalancingPolicies.RoundRobin, LoadBalancingPolicies.LeastRequests]),
        Flag("Clusters:*:SessionAffinity:Enabled"), OneOf<SameSiteMode>("Clusters:*:SessionAffinity:Cookie:SameSite"), OneOf<CookieSecurePolicy>("Clusters:*:SessionAffinity:Cookie:SecurePolicy"),
        Flag("Clusters:*:SessionAffinity:Cookie:HttpOnly"), Flag("Clusters:*:SessionAffinity:Cookie:IsEssential"),
        Span("Clusters:*:SessionAffinity:Cookie:MaxAge"), Span("Clusters:*:SessionAffinity:Cookie:Expiration"),
        Flag("Clusters:*:HealthCheck:Passive:Enabled"), Span("Clusters:*:HealthCheck:Passive:ReactivationPeriod"),
        Flag("Clusters:*:HealthCheck:Active:Enabled"), Span("Clusters:*:HealthCheck:Active:Interval"), Span("Clusters:*:HealthCheck:Active:Timeout"),
        OneOf<SslProtocols>("Clusters:*:HttpClient:SslProtocols:*"), Flag("Clusters:*:HttpClient:DangerousAcceptAnyServerCertificate"), Whole("Clusters:*:HttpClient:MaxConnectionsPerServer", 1, int.MaxValue),
        Flag("Clusters:*:HttpClient:EnableMultipleHttp2Connections"), Flag("Clusters:*:HttpClient:WebProxy:BypassOnLocal"), Flag("Clusters:*:HttpClient:WebProxy:UseDefaultCredentials"),
        Span("Clusters:*:HttpRequest:ActivityTimeout"), OneOf<HttpVersionPolicy>("Clusters:*:HttpRequest:VersionPolicy"), Flag("Clusters:*:HttpRequest:AllowResponseBuffering"),
        new("Clusters:*:HttpRequest:Version", "1.0, 1.1, 2 or 3", static text => text is "1" or "1.0" or "1.1" or "2" or "2.0" or "3" or "3.0"),
    ];

    /// <param name="key">Below the section.</param>
    public static YarpValue? At(string key)
    {
        var segments = key.Split(':');
        return Array.Find(All, value => value.Matches(segments));
    }

    private bool Matches(string[] segments)
    {
        var pattern = Pattern.Split(':');
        if (pattern.Length != segments.Length) return false;
        for (var i = 0; i < pattern.Length; i++)
            if (pattern[i] != "*" && !pattern[i].Equals(segments[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    private static YarpValue Whole(string at, long least = long.MinValue, long most = long.MaxValue) => new(at, least == long.MinValue ? "a whole number" : $"a whole number from {least} to {most}",
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    private static YarpValue Flag(string at) => new(at, "true or false", static text => bool.TryParse(text, out _));

    private static YarpValue Span(string at) => new(at, "a time as hours:minutes:seconds, such as 00:00:30", static text => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out _));

    private static YarpValue Address(string at) => new(at, "an absolute URL with http or https, such as http://10.0.0.5:8080", static text =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "http" || url.Scheme == "https") && url.Host.Length > 0, Instead: "http://localhost");

    private static YarpValue Words(string at, string[] words) => new(at, string.Join(", ", words), text => words.Contains(text, StringComparer.OrdinalIgnoreCase));

    private static YarpValue OneOf<T>(string at) where T : struct, Enum => Words(at, Enum.GetNames<T>());
}
