using System.Collections.Immutable;
using System.Globalization;
using Granary.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Granary.Silo.Membership;

/// <summary>
/// The membership table as it lies in Redis: a hash of a version and a row for each silo. Orleans can change one row at a time, and the version by one; a table
/// that was lost has to come back at once, and with a version above the one that everybody remembers.
/// </summary>
internal sealed class TableRows(Redis redis, IOptions<RedisClusteringOptions> options, IOptions<ClusterOptions> cluster)
{
    private const string Version = "Version";

    // Nothing is written if somebody else has written since it was read.
    private const string PutBackScript = """
        if (redis.call('HGET', KEYS[1], 'Version') or '') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], unpack(ARGV, 2))
        return 1
        """;

    private readonly RedisKey _key = options.Value.CreateRedisKey(cluster.Value);

    public async Task<TableCopy> Read(CancellationToken cancellation)
    {
        var database = (await redis.Connection.WaitAsync(cancellation)).GetDatabase();
        var fields = await database.HashGetAllAsync(_key, CommandFlags.DemandMaster).WaitAsync(cancellation);
        var rows = fields.ToImmutableDictionary(field => field.Name.ToString(), field => field.Value.ToString());
        return rows.TryGetValue(Version, out var version)
            ? new(long.Parse(version, CultureInfo.InvariantCulture), rows.Remove(Version))
            : new(null, rows);
    }

    /// <param name="found">What is there, as read.</param>
    /// <param name="wanted">What shall be there.</param>
    /// <returns>Whether it is there now; if not, somebody else has written: read again.</returns>
    public async Task<bool> PutBack(TableCopy found, TableCopy wanted, CancellationToken cancellation)
    {
        var database = (await redis.Connection.WaitAsync(cancellation)).GetDatabase();
        RedisValue[] arguments = [Text(found.Version), Version, Text(wanted.Version), .. wanted.Rows.SelectMany(row => (RedisValue[])[row.Key, row.Value])];
        var done = await database.ScriptEvaluateAsync(PutBackScript, [_key], arguments, CommandFlags.DemandMaster | CommandFlags.NoScriptCache).WaitAsync(cancellation);
        return (int)done == 1;
    }

    private static string Text(long? version) => version?.ToString(CultureInfo.InvariantCulture) ?? "";
}
