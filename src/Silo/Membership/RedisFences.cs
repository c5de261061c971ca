using System.Collections.Immutable;
using System.Globalization;
using Granary.Grains.Fences;
using Granary.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Granary.Silo.Membership;

/// <summary>
/// The fences as they lie in Redis (decision 0012): a hash with a field <c>life written heard</c> for each silo, and for each that is fenced a list of <c>number:bytes</c>. The name of the cluster is the hash tag of all keys,
/// so they are in one place where Redis is a cluster itself.
/// </summary>
internal sealed class RedisFences(Redis redis, TableRows table, IOptions<ClusterOptions> cluster) : IFences
{
    private const int MostEntries = 512;

    // Nobody comes back after a day and has not been declared dead.
    private const int Seconds = 86_400;

    private const string AddScript = """
        local life, written, heard = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%S+) (%d+) (%d+)$')
        if not life then return '' end
        local number = string.format('%d', tonumber(written) + 1)
        redis.call('HSET', KEYS[1], ARGV[1], life .. ' ' .. number .. ' ' .. heard)
        local entry = number .. ':' .. ARGV[2]
        if redis.call('LLEN', KEYS[2]) >= tonumber(ARGV[3]) then
          redis.call('DEL', KEYS[2])
          entry = number .. ':'
        end
        redis.call('RPUSH', KEYS[2], entry)
        redis.call('EXPIRE', KEYS[2], ARGV[4])
        return life .. ' ' .. number .. ' ' .. heard
        """;

    private const string HeardScript = """
        local life, written, heard = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%S+) (%d+) (%d+)$')
        if life ~= ARGV[2] then return 0 end
        if tonumber(ARGV[3]) > tonumber(heard) then heard = ARGV[3] end
        redis.call('HSET', KEYS[1], ARGV[1], life .. ' ' .. written .. ' ' .. heard)
        while true do
          local number = string.match(redis.call('LINDEX', KEYS[2], 0) or '', '^(%d+):')
          if not number or tonumber(number) > tonumber(ARGV[3]) then return 1 end
          redis.call('LPOP', KEYS[2])
        end
        """;

    private readonly RedisKey _states = $"granary:{{{cluster.Value.ClusterId}}}:fences";
    private long _version = -1;

    // The fences first: a silo is in the table before it registers.
    public async Task<FenceReading> Read(CancellationToken cancellationToken)
    {
        var database = await Database(cancellationToken);
        var states = database.HashGetAllAsync(_states, CommandFlags.DemandMaster);
        var rows = await table.Read(cancellationToken);
        var all = (await states.WaitAsync(cancellationToken)).Select(static field => (Silo: field.Name.ToString(), State: FenceState.Read(field.Value)));
        var found = all.Where(static field => field.State is not null).ToImmutableDictionary(static field => field.Silo, static field => field.State!.Value);
        var isLost = rows.Version is not { } version || version < Volatile.Read(ref _version);
        if (!isLost) Volatile.Write(ref _version, rows.Version!.Value);
        return new FenceReading(isLost ? null : rows.Rows.Keys.ToHashSet(StringComparer.Ordinal), rows.Dead(), found);
    }

    public async Task Register(string silo, string life, CancellationToken cancellationToken)
    {
        var database = await Database(cancellationToken);
        await database.KeyDeleteAsync(MissedOf(silo), CommandFlags.DemandMaster).WaitAsync(cancellationToken);
        await database.HashSetAsync(_states, silo, new FenceState(life, 0, 0).ToString(), When.Always, CommandFlags.DemandMaster).WaitAsync(cancellationToken);
    }

    public async Task<FenceState?> Add(string silo, ReadOnlyMemory<byte> missed, CancellationToken cancellationToken) =>
        FenceState.Read((string?)await Run(AddScript, silo, [silo, missed, MostEntries, Seconds], cancellationToken));

    public async Task<FenceState?> StateOf(string silo, CancellationToken cancellationToken) =>
        FenceState.Read(await (await Database(cancellationToken)).HashGetAsync(_states, silo, CommandFlags.DemandMaster).WaitAsync(cancellationToken));

    public async Task<ImmutableArray<MissedEntry>> Missed(string silo, CancellationToken cancellationToken)
    {
        var entries = await (await Database(cancellationToken)).ListRangeAsync(MissedOf(silo), flags: CommandFlags.DemandMaster).WaitAsync(cancellationToken);
        return [.. entries.Select(static entry => EntryOf((byte[])entry!)).OfType<MissedEntry>()];
    }

    public async Task<bool> Heard(string silo, string life, long upTo, CancellationToken cancellationToken) =>
        (int)await Run(HeardScript, silo, [silo, life, upTo], cancellationToken) == 1;

    public async Task Remove(IEnumerable<string> silos, CancellationToken cancellationToken)
    {
        var database = await Database(cancellationToken);
        foreach (var silo in silos)
        {
            await database.HashDeleteAsync(_states, silo, CommandFlags.DemandMaster).WaitAsync(cancellationToken);
            await database.KeyDeleteAsync(MissedOf(silo), CommandFlags.DemandMaster).WaitAsync(cancellationToken);
        }
    }

    private async Task<RedisResult> Run(string script, string silo, RedisValue[] arguments, CancellationToken cancellationToken) =>
        await (await Database(cancellationToken)).ScriptEvaluateAsync(script, [_states, MissedOf(silo)], arguments, CommandFlags.DemandMaster | CommandFlags.NoScriptCache).WaitAsync(cancellationToken);

    private async Task<IDatabase> Database(CancellationToken cancellationToken) => (await redis.Connection.WaitAsync(cancellationToken)).GetDatabase();

    private RedisKey MissedOf(string silo) => $"granary:{{{cluster.Value.ClusterId}}}:missed:{silo}";

    // What nobody of ours wrote is left out, and then there is a gap.
    private static MissedEntry? EntryOf(byte[] entry)
    {
        var colon = Array.IndexOf(entry, (byte)':');
        return colon > 0 && long.TryParse(entry.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new MissedEntry(number, entry.AsMemory(colon + 1)) : null;
    }
}
