using StackExchange.Redis;

namespace Granary.Silo.Configuration.Values;

/// <summary>Where Redis is, in the words of its client: <c>host:port</c>, several separated by commas, options behind them.</summary>
public sealed class RedisAttribute : SettingAttribute
{
    // It may carry a password.
    public RedisAttribute(string summary) : base(summary) => IsSecret = true;

    public override string Argument => "HOST:PORT";

    public override string Allowed => "host:port such as redis:6379, several separated by commas, then options such as password=…,ssl=true";

    public override object? Read(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || text.Any(char.IsControl)) return null;
        try
        {
            var endPoints = ConfigurationOptions.Parse(text).EndPoints;
            return endPoints.Count > 0 && endPoints.All(IsNamed) ? text : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public override string? Suggest(string text) =>
        text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase) && !text.Contains('@', StringComparison.Ordinal)
        && Read(text["redis://".Length..].TrimEnd('/')) is string plain ? plain : null;

    private static bool IsNamed(System.Net.EndPoint endPoint) => endPoint switch
    {
        System.Net.DnsEndPoint { Host: var host, Port: > 0 } => Uri.CheckHostName(host) is not UriHostNameType.Unknown,
        System.Net.IPEndPoint { Port: > 0 } => true,
        _ => false,
    };
}
