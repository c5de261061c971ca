using CsCheck;
using Granary.Grains.Groups;
using Granary.Semantics.Invalidation;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Grains.Tests.Groups;

/// <summary>P2: whatever is invalidated in whatever order, learned or told, nothing is reused that a model which forgets nothing says is hit.</summary>
public sealed class ScopeEpochsTests
{
    private static readonly string[] Uris =
    [
        "http://a.example/", "http://a.example/img/", "http://a.example/img/1.png", "http://a.example/img/1.png?x=1", "http://a.example/image", "https://a.example/img/", "http://a.example:8080/img/",
        "http://b.example/img/", "http://[::1]/img/", "http://[::1]:8080/", "http://a.example.org/",
    ];

    private static readonly string[] Hosts = ["a.example", "b.example", "[::1]", "a.example.org", "c.example"];

    private static readonly string[] Prefixes = [.. Uris, "http://a.example/i", "http://a.example/im", "http://a.example/img/1", "http://", "https://a.example/"];

    private static readonly Gen<Scope> AnyScope = Gen.Frequency<Scope>(
        (4, Gen.Int[0, 5].Select(tag => (Scope)new Scope.Groups([CacheGroups.Tag($"t{tag}")]))),
        (3, OneOf(Hosts).Select(host => (Scope)new Scope.Host(host))),
        (4, OneOf(Prefixes).Select(prefix => (Scope)new Scope.Prefix(prefix))),
        (1, Gen.Const((Scope)new Scope.All())));

    private static readonly Gen<(int What, Scope Scope, bool IsSoft, string Uri, int Tag)> AnyStep = Gen.Select(Gen.Int[0, 9], AnyScope, Gen.Bool, OneOf(Uris), Gen.Int[-1, 5]);

    private static Gen<string> OneOf(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact, Trait("Promise", "P2")]
    public void Given_any_order_of_invalidations_then_each_response_stands_as_the_model_says() => AnyStep.Array[1, 60].Sample(steps =>
    {
        var model = new Model(capacity: 100_000);
        foreach (var step in steps) model.Takes(step);
        model.Agrees(isExact: true);
    }, iter: 2_000);

    [Fact, Trait("Promise", "P2")]
    public void Given_room_for_two_groups_then_nothing_is_reused_that_the_model_says_is_hit() => AnyStep.Array[1, 60].Sample(steps =>
    {
        var model = new Model(capacity: 2);
        foreach (var step in steps) model.Takes(step);
        model.Agrees(isExact: false);
    }, iter: 2_000);

    [Theory, Trait("Promise", "P7")]
    [InlineData(false)]
    [InlineData(true)]
    public void Given_more_hosts_and_prefixes_than_are_remembered_then_memory_is_bounded_and_what_is_forgotten_hits_everything_from_before(bool isSoft)
    {
        var epochs = new GroupEpochs();
        var before = Membership.Of([], [], epochs.Now);
        for (var i = 0; i < 3 * EpochIndex.Most; i++)
        {
            epochs.Invalidate(new Scope.Host($"h{i}.example"), isSoft, epochs.Now + 1);
            epochs.Invalidate(new Scope.Prefix($"http://p{i}.example/x"), isSoft, epochs.Now + 1);
        }

        var known = isSoft ? epochs.Known().Soft! : epochs.Known().Hard!;
        Assert.InRange(known.Hosts.Length, 1, EpochIndex.Most);
        Assert.InRange(known.Prefixes.Length, 1, EpochIndex.Most);
        Assert.NotEqual(Standing.Current, before.In(epochs, "http://h0.example/"));
        Assert.NotEqual(Standing.Current, before.In(epochs, "http://elsewhere.example/"));
        Assert.Equal(Standing.Current, Membership.Of([], [], epochs.Now).In(epochs, "http://h0.example/"));
    }

    [Fact]
    public void Given_all_was_invalidated_then_nothing_else_has_to_be_remembered()
    {
        var epochs = new GroupEpochs();
        epochs.Invalidate(["tag"]);
        epochs.Invalidate(new Scope.Host("a.example"), false, 2);
        epochs.Invalidate(new Scope.Prefix("http://a.example/x"), false, 3);
        epochs.Invalidate(new Scope.All(), false, 4);
        var known = epochs.Known();
        Assert.Empty(known.Groups);
        Assert.Empty(known.Hard!.Hosts);
        Assert.Empty(known.Hard.Prefixes);
        Assert.Equal(4, known.Hard.All);
    }

    [Fact, Trait("Promise", "P2")]
    public void A_number_that_comes_late_is_heard_all_the_same()
    {
        var epochs = new GroupEpochs();
        epochs.Invalidate(new Scope.Host("b.example"), false, 7);
        var member = Membership.Of([], [], 3);
        Assert.Equal(Standing.Current, member.In(epochs, "http://a.example/"));
        epochs.Invalidate(new Scope.Host("a.example"), false, 6);
        Assert.Equal(Standing.Invalidated, member.In(epochs, "http://a.example/"));
        Assert.Equal(7, epochs.Now);
    }

    [Fact, Trait("Promise", "P2")]
    public void Given_more_groups_are_learned_than_there_is_room_for_in_whatever_order_then_none_is_forgotten_in_favour_of_what_is_stored()
    {
        var epochs = new GroupEpochs(capacity: 2);
        var member = Membership.Of([], ["t9"], 8);
        epochs.Learn(new EpochsKnown([GroupKey.Of("t9"), GroupKey.Of("t1"), GroupKey.Of("t2")], [9, 1, 2], 9, 0));
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(Standing.Invalidated, Membership.Restored(member.Groups, member.Tags, member.Since).In(epochs, "http://a.example/"));
            epochs.Invalidate([$"new {i}"]);
        }
    }

    [Fact]
    public void A_cache_group_is_also_hit_by_the_tag_of_its_name_whatever_its_origin()
    {
        var epochs = new GroupEpochs();
        var member = Membership.Of(["http://a.example\nnews"], [], 0);
        epochs.Invalidate([CacheGroups.Tag("other")]);
        Assert.Equal(Standing.Current, member.In(epochs, "http://a.example/"));
        epochs.Invalidate([CacheGroups.Tag("news")]);
        Assert.Equal(Standing.Invalidated, member.In(epochs, "http://a.example/"));
    }

    [Fact]
    public void When_something_became_stale_is_known_here_and_not_for_what_was_learned()
    {
        var clock = new FakeTimeProvider();
        var (told, learned) = (new GroupEpochs(clock: clock), new GroupEpochs(clock: clock));
        told.Invalidate(new Scope.All(), true, 1);
        var at = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(5));
        learned.Learn(told.Known());
        var member = Membership.Of([], [], 0);
        Assert.Equal(at, member.OutdatedAt(told, "http://a.example/"));
        Assert.Null(member.OutdatedAt(learned, "http://a.example/"));
        Assert.Equal(Standing.Outdated, member.In(learned, "http://a.example/"));
    }

    /// <summary>Two silos, of which one may learn from the other; responses; and all that was ever invalidated.</summary>
    private sealed class Model(int capacity)
    {
        private readonly List<(Scope Scope, bool IsSoft, long Number)> _all = [];
        private readonly List<(Membership Member, string Uri, int Tag)> _stored = [];
        private readonly GroupEpochs _late = new(capacity);
        private GroupEpochs _epochs = new(capacity);

        public void Takes((int What, Scope Scope, bool IsSoft, string Uri, int Tag) step)
        {
            if (step.What < 5) _stored.Add((Membership.Of([], step.Tag < 0 ? [] : [CacheGroups.Tag($"t{step.Tag}")], _epochs.Now), step.Uri, step.Tag));
            else if (step.What == 9) Joins();
            else Invalidates(step.Scope, step.IsSoft);
            Agrees(isExact: false);
        }

        public void Agrees(bool isExact)
        {
            _late.Learn(_epochs.Known());
            foreach (var (member, uri, tag) in _stored)
                foreach (var epochs in new[] { _epochs, _late })
                {
                    var standing = Membership.Restored(member.Groups, member.Tags, member.Since).In(epochs, uri);
                    var expected = Expected(member.Since, uri, tag);
                    Assert.True(isExact ? standing == expected : standing >= expected, $"{uri} t{tag} since {member.Since}: {standing}, not {expected}");
                    if (epochs == _epochs) Assert.Equal(standing, member.In(epochs, uri)); // which remembers what it asked
                }
        }

        // Another silo, which knows only what it was told by the first.
        private void Joins()
        {
            var joined = new GroupEpochs(capacity);
            joined.Learn(_epochs.Known());
            _epochs = joined;
            var stored = _stored.ToArray();
            _stored.Clear();
            foreach (var (member, uri, tag) in stored) _stored.Add((Membership.Restored(member.Groups, member.Tags, member.Since), uri, tag));
        }

        private void Invalidates(Scope scope, bool isSoft)
        {
            _all.Add((scope, isSoft, _epochs.Now + 1));
            _epochs.Invalidate(scope, isSoft, _epochs.Now + 1);
        }

        private Standing Expected(long since, string uri, int tag) => _all.Where(one => one.Number > since && Hits(one.Scope, uri, tag))
            .Select(static one => one.IsSoft ? Standing.Outdated : Standing.Invalidated).DefaultIfEmpty(Standing.Current).Max();

        private static bool Hits(Scope scope, string uri, int tag) => scope switch
        {
            Scope.Groups groups => groups.Keys.Contains(CacheGroups.Tag($"t{tag}")),
            Scope.Host host => uri.StartsWith($"http://{host.Name}/", StringComparison.Ordinal) || uri.StartsWith($"http://{host.Name}:", StringComparison.Ordinal) || uri.StartsWith($"https://{host.Name}/", StringComparison.Ordinal),
            Scope.Prefix prefix => uri.StartsWith(prefix.Uri, StringComparison.Ordinal),
            _ => true,
        };
    }
}
