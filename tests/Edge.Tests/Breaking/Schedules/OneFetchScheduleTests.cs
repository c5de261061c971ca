using System.Collections.Concurrent;
using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>Whatever variants are asked for in whatever order, fresh or stale: the origin never works on the same one twice at a time (P1).</summary>
[Collection(CachingCollection.Name)]
public sealed class OneFetchScheduleTests(CachingWorld world) : CachingScene(world)
{
    private readonly ConcurrentDictionary<string, int> _underWay = new();
    private int _most;

    [Theory, Trait("Needs", "Clock"), Trait("Promise", "P1"), Trait("Kind", "required")]
    [InlineData(1, false), InlineData(2, false), InlineData(3, true), InlineData(4, true)]
    public async Task Given_any_schedule_then_at_most_one_fetch_of_a_variant_is_under_way(int seed, bool validates)
    {
        var random = new Random(seed);
        string[] languages = ["de", "fr", "it"];
        for (var burst = 0; burst < 40; burst++)
        {
            var path = $"/page{burst / 10}";
            var gate = new TaskCompletionSource();
            Origin.Acts(path, side => Answers(side, gate.Task, validates));
            var asking = Enumerable.Range(0, 30).Select(_ => languages[random.Next(3)]).Select(language => (language, Client.Asks(path, $"Accept-Language: {language}"))).ToList();
            if (random.Next(2) == 0) Clock.Passes(random.Next(1, 5).Seconds());
            gate.SetResult();
            foreach (var (language, one) in asking) await one.Gets(200, language);
            Clock.Passes(random.Next(1, 15).Seconds());
        }

        Assert.Equal(1, _most);
    }

    private async Task Answers(OriginSide side, Task gate, bool validates)
    {
        var language = side.Request.Fields.First("Accept-Language")!;
        var variant = side.Request.Target + language;
        InterlockedMax(ref _most, _underWay.AddOrUpdate(variant, 1, (_, n) => n + 1));
        await gate;
        _underWay.AddOrUpdate(variant, 0, (_, n) => n - 1);
        string[] fields = ["Cache-Control: max-age=10", "Vary: Accept-Language", $"ETag: \"{language}\""];
        if (validates && side.Request.Fields.Has("If-None-Match")) await side.Answers(304, fields);
        else await side.Answers(200, fields, language);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
