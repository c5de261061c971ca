using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>A purge meets a fetch of what it purges. What the fetch brings is older than the purge: it is given to those who waited for it, and to nobody else.</summary>
[Collection(Cluster.Processes.Name)]
public sealed class InFlightScenarios(TwoEdges cluster) : IClassFixture<TwoEdges>
{
    private const string Host = "Host: " + TwoEdges.Host;

    private static readonly string Old = new('o', 100_000), New = new('n', 100_000);

    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool>();
            foreach (var way in new[] { "PURGE", "url", "tag", "prefix", "host", "all" })
                foreach (var isSoft in new[] { false, true })
                    foreach (var isInContent in new[] { false, true })
                        cases.Add(way, isSoft, isInContent);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases)), Trait("Promise", "P2")]
    public async Task What_was_fetched_from_before_a_purge_is_given_to_who_waited_and_never_reused(string way, bool isSoft, bool isInContent)
    {
        var path = $"/in-flight/{way}-{isSoft}-{isInContent}";
        var gate = new TaskCompletionSource();
        cluster.Origin.Acts(path, side => cluster.Origin.Requests(path).Count == 1 ? Slowly(side, path, gate.Task, isInContent) : side.Answers(200, Fields(path), New));
        var first = cluster.Here.Asks(path, Host);
        await (isInContent ? first.Head : cluster.Origin.IsAsked(path));

        await cluster.Purges(way, path, isSoft);
        var second = cluster.There.Asks(path, Host);
        if (way != "tag" || isInContent) await second.Gets(200, New); // does not join the older fetch
        gate.SetResult();
        await first.Gets(200, Old);
        if (way == "tag" && !isInContent) await second.Gets(200, New); // which tags a response has is known with its head only; until then it may be waited for

        await cluster.Here.Asks(path, Host).Gets(200, New);
        await cluster.There.Asks(path, Host).Gets(200, New);
        Assert.InRange(cluster.Origin.Requests(path).Count, 2, 3); // a third if the older one has outrun the newer
    }

    private static async Task Slowly(OriginSide side, string path, Task gate, bool isInContent)
    {
        if (!isInContent) await gate;
        await side.Answers(200, [.. Fields(path), $"Content-Length: {Old.Length}"], Old[..(Old.Length / 2)]);
        if (isInContent) await gate;
        await side.Sends(Old[(Old.Length / 2)..]);
    }

    private static string[] Fields(string path) => ["Cache-Control: max-age=3600", $"Surrogate-Key: tag{path.Replace('/', '-')}"];
}
