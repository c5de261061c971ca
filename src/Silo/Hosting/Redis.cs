using System.Net;
using StackExchange.Redis;

namespace Granary.Silo.Hosting;

/// <summary>
/// The one connection to Redis of this process: for Orleans' membership table and for what we do with it ourselves. It is made on first use, also when there is no Redis yet,
/// and comes back by itself.
/// </summary>
/// <param name="connectionString">May have a password in it: never logged.</param>
internal sealed class Redis(string connectionString) : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectPeriod = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<IConnectionMultiplexer>> _connection = new(() => Connect(connectionString));

    public Task<IConnectionMultiplexer> Connection => _connection.Value;

    /// <summary>Where it is, without what is secret, for the log.</summary>
    public string Name { get; } = string.Join(',', ConfigurationOptions.Parse(connectionString).EndPoints.Select(NameOf));

    public static IEnumerable<EndPoint> EndPointsOf(string connectionString) => ConfigurationOptions.Parse(connectionString).EndPoints;

    /// <summary>Throws when it does not answer.</summary>
    public async Task Ping(CancellationToken cancellation) => await (await Connection.WaitAsync(cancellation)).GetDatabase().PingAsync().WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await Connection).DisposeAsync();
    }

    private static async Task<IConnectionMultiplexer> Connect(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;                  // it may come after us
        options.BacklogPolicy = BacklogPolicy.FailFast;      // nobody waits in line for a Redis that is away
        options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectPeriod.TotalMilliseconds);
        options.IncludeDetailInExceptions = false;           // a screen of counters in each message
        options.ClientName ??= "granary";
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    private static string NameOf(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint named => $"{named.Host}:{named.Port}",
        _ => $"{endPoint}",
    };
}
