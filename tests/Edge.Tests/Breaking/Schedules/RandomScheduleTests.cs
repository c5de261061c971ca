using System.Globalization;
using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>
/// Random requests, origin behaviour, passing time and invalidations, against a small checker of its own: every answer is one the origin gave for a matching
/// variant, fresh or allowed stale, never older than the last acknowledged invalidation, nobody else's, and whole.
/// </summary>
[Collection(CachingCollection.Name)]
public sealed class RandomScheduleTests(CachingWorld world) : CachingScene(world)
{
    private const int Bursts = 60;

    private long _moment;

    [Theory, Trait("Needs", "Clock"), Trait("Promise", "P2, P4, P5"), Trait("Kind", "required")]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task Given_any_schedule_then_no_answer_is_wrong(int seed)
    {
        var random = new Random(seed);
        var resources = Enumerable.Range(0, 3).Select(i => new Resource($"/r{i}", NewOrigin(random))).ToList();
        foreach (var resource in resources) Origin.Acts(resource.Path, resource.Origin.Answer);
        for (var burst = 0; burst < Bursts; burst++)
        {
            if (await Burst(resources, random) is { } wrong) Assert.Fail($"Seed {seed}, burst {burst}: {wrong}");
            if (random.Next(2) == 0) Clock.Passes(random.Next(1, 25).Seconds());
        }
    }

    private async Task<string?> Burst(List<Resource> resources, Random random)
    {
        var gate = new TaskCompletionSource();
        foreach (var resource in resources) resource.Prepare(random, gate.Task);
        var under = resources.SelectMany(resource => Enumerable.Range(0, random.Next(1, 5)).Select(_ => Asks(resource, random))).ToList();
        if (random.Next(3) == 0) Clock.Passes(random.Next(1, 5).Seconds()); // no more: a connection may be opened just now
        if (random.Next(3) == 0) await Invalidates(resources[random.Next(resources.Count)]);
        under.AddRange(resources.Select(resource => Asks(resource, random)));
        gate.SetResult();
        return (await Task.WhenAll(under)).FirstOrDefault(wrong => wrong is not null);
    }

    private SelfDescribingOrigin NewOrigin(Random random) => new(new Random(random.Next()), Clock, () => Interlocked.Increment(ref _moment));

    private async Task<string?> Asks(Resource resource, Random random)
    {
        var presented = Presented.Random(random, resource.Path, resource.Origin.AnyTag);
        var asked = new Asked(Interlocked.Increment(ref _moment), Clock.Now, resource.Floor);
        var troubles = resource.Troubles;
        try
        {
            var got = await Client.Sends(presented.Method, presented.Path, presented.Fields).Gets();
            var wrong = resource.Checker.WhatIsWrong(got, presented, asked, resource.Origin, troubles);
            return wrong is null ? null : $"{presented} got {got.Status} {got.Field("X-Id")}: {wrong}; {got.CacheStatus}; floor {asked.Floor}";
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return troubles.Contains(Trouble.Cut) ? null : $"{presented} was cut: {cut.Message}";
        }
    }

    private async Task Invalidates(Resource resource)
    {
        try
        {
            var got = await Client.Sends("PUT", resource.Path, [], "x").Gets();
            if (got.Status != 502) resource.Floor = int.Parse(got.HasStatus(204).Field("X-Number")!, CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException)
        {
            // As with 502: sent on a connection that was closed just then, and what is unsafe is not sent twice. Nothing was acknowledged.
        }
    }

    private sealed class Resource(string path, SelfDescribingOrigin origin)
    {
        public string Path { get; } = path;

        public SelfDescribingOrigin Origin { get; } = origin;

        public Checker Checker { get; } = new();

        public int Floor { get; set; }

        /// <summary>Of this burst and the one before: what was begun behind an answer may still be under way.</summary>
        public Trouble[] Troubles { get; private set; } = [Trouble.None, Trouble.None];

        public void Prepare(Random random, Task gate)
        {
            if (random.Next(6) == 0) Origin.Replace();
            Origin.Trouble = random.Next(4) > 0 ? Trouble.None : (Trouble)random.Next(1, 4);
            Origin.Gate = random.Next(2) == 0 ? gate : Task.CompletedTask;
            Troubles = [Trouble.None, Troubles[^1], Origin.Trouble];
        }
    }
}
