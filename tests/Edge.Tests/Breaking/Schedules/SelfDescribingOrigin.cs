using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>One state of a resource. A PUT, or nobody's request at all, replaces it by the next.</summary>
internal sealed record Version(int Number, Policy Policy, bool Varies, bool HasTag, bool SetsCookies, bool IsChunked, int Size);

/// <summary>When the origin gave, or confirmed, a representation.</summary>
internal readonly record struct Given(long Moment, DateTimeOffset Time);

/// <summary>A resource whose every answer says what it is: <c>X-Id</c> names version, language and user, and the content follows from that.</summary>
internal sealed class SelfDescribingOrigin(Random random, Clock clock, Func<long> moments)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Given>> _given = new();
    private Version _now = Next(random, 0);
    private int _serial;

    public ConcurrentDictionary<int, Version> Versions { get; } = new();

    /// <summary>What it does with GETs, and what holds them back before they are answered.</summary>
    public Trouble Trouble { get; set; }

    public Task Gate { get; set; } = Task.CompletedTask;

    public int Number => _now.Number;

    public IEnumerable<Given> GivenAs(string id) => _given.TryGetValue(id, out var given) ? given : [];

    public string? AnyTag()
    {
        var ids = _given.Keys.Order(StringComparer.Ordinal).ToArray();
        return ids.Length == 0 ? null : $"\"{ids[^1]}\"";
    }

    public void Replace()
    {
        lock (_lock)
        {
            Versions[_now.Number] = _now;
            _now = Next(random, _now.Number + 1);
            Versions[_now.Number] = _now;
        }
    }

    public async Task Answer(OriginSide side)
    {
        var fields = side.Request.Fields;
        if (side.Request.Method == "PUT")
        {
            Replace();
            await side.Answers(204, [$"X-Number: {Number}"]);
            return;
        }

        Version version;
        Given given;
        lock (_lock) (version, given, Versions[_now.Number]) = (_now, new Given(moments(), clock.Now), _now);
        var (trouble, gate) = (Trouble, Gate);
        var id = $"{version.Number}.{(version.Varies ? fields.First("Accept-Language") : "-")}.{(version.Policy.IsForAll ? null : fields.First("Authorization")) ?? "-"}";
        _given.GetOrAdd(id, _ => new ConcurrentQueue<Given>()).Enqueue(given);
        await gate;
        if (trouble == Trouble.ServerError) await side.Answers(503, [], "down");
        else if (trouble == Trouble.Closed) side.Closes();
        else if (version.HasTag && fields.Combined("If-None-Match")?.Contains($"\"{id}\"", StringComparison.Ordinal) == true) await side.Answers(304, Head(version, id));
        else await Whole(side, version, id, trouble);
    }

    public static string Content(string id, int size)
    {
        var content = new StringBuilder(id).Append('|');
        var hash = id.Aggregate(17u, (h, c) => (h * 31) + c);
        for (var i = 0u; content.Length < size; i++) content.Append((char)('a' + ((hash + (i * 2654435761u)) >> 16) % 26));
        return content.ToString();
    }

    private async Task Whole(OriginSide side, Version version, string id, Trouble trouble)
    {
        var content = Content(id, version.Size);
        var head = Head(version, id);
        if (trouble == Trouble.Cut)
        {
            await side.Answers(200, [.. head, $"Content-Length: {content.Length + 1}"], content);
            side.Closes();
        }
        else if (version.IsChunked && side.Request.Method != "HEAD")
            await side.Answers(200, [.. head, "Transfer-Encoding: chunked"], $"{content.Length:x}\r\n{content}\r\n0\r\n\r\n");
        else await side.Answers(200, [.. head, $"Content-Length: {content.Length}"], content);
    }

    private List<string> Head(Version version, string id)
    {
        var serial = Interlocked.Increment(ref _serial).ToString(CultureInfo.InvariantCulture);
        List<string> head = [$"Date: {clock.Date()}", $"Cache-Control: {version.Policy.CacheControl}", $"X-Id: {id}"];
        if (version.Policy.IsForOne) head.Add($"X-Serial: {serial}");
        if (version.Varies) head.Add("Vary: Accept-Language");
        if (version.HasTag) head.Add($"ETag: \"{id}\"");
        if (version.SetsCookies) head.Add($"Set-Cookie: s={serial}");
        return head;
    }

    private static Version Next(Random random, int number)
    {
        var policy = Policy.All[random.Next(Policy.All.Length)];
        var size = random.Next(6) == 0 ? 150_000 : 100 + random.Next(2000);
        return new Version(number, policy, random.Next(2) == 0, random.Next(3) > 0, !policy.IsForAll && random.Next(5) == 0, random.Next(3) == 0, size);
    }
}
