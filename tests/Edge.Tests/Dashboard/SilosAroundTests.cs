using System.Collections.Immutable;
using Granary.Edge.Dashboard;
using Granary.Edge.Owners;
using Granary.Grains.Members;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;

namespace Granary.Edge.Tests.Dashboard;

/// <summary>An edge of a cluster whose silos answer, doubt themselves, do not know the question, or are silent.</summary>
public sealed class SilosAroundTests
{
    private static readonly SiloReport Report = new("1.2.3", TimeSpan.FromHours(1), 10, 100, 5) { Edges = 2, Origins = [new OriginReport("http://origin", 1, 0, IsLeftAlone: true)] };

    private readonly FakeTimeProvider _clock = new();
    private readonly Answering _calls = new();

    [Fact]
    public async Task Each_silo_is_in_the_state_that_its_answer_and_the_doubts_of_the_edge_make_of_it()
    {
        var silos = Of("a", "b", "c", "d", "e");
        _calls.Says["a"] = _calls.Says["d"] = new MemberReply.Reported(Report);
        _calls.Says["b"] = new MemberReply.Reported(Report with { IsInDoubt = true });
        silos.HearsNothingOf(silos.Members[2]);
        silos.Doubts(silos.Members[3]);

        var around = await Around(silos).Look().Within();

        Assert.Equal(["active", "in-doubt", "silent", "doubted", "not-told"], around.Select(static silo => silo.State));
        Assert.Equal(1.0, around.Sum(static silo => silo.Share), 6);
        Assert.All(around, static silo => Assert.InRange(silo.Share, 0.15, 0.25));
        Assert.Null(around[4].Report);
    }

    [Fact]
    public async Task However_many_look_silos_are_asked_once_a_second()
    {
        _calls.Says["a"] = new MemberReply.Reported(Report);
        var around = Around(Of("a"));
        for (var i = 0; i < 10; i++) await around.Look().Within();
        Assert.Equal(1, _calls.Asked);
        _clock.Advance(1.Seconds());
        await around.Look().Within();
        Assert.Equal(2, _calls.Asked);
    }

    [Fact]
    public async Task Without_silos_there_is_nothing_to_tell() => Assert.Empty(await Around(Of()).Look().Within());

    [Fact]
    public void A_report_keeps_all_that_it_says_on_its_way()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Assert.IsType<MemberCall.Report>(serializer.Deserialize<MemberCall>(serializer.SerializeToArray<MemberCall>(new MemberCall.Report())));
        var told = ((MemberReply.Reported)serializer.Deserialize<MemberReply>(serializer.SerializeToArray<MemberReply>(new MemberReply.Reported(Report)))!).Report;
        Assert.Equal(Report with { Origins = [] }, told with { Origins = [] });
        Assert.Equal(Report.Origins, told.Origins.AsEnumerable());
    }

    private Silos Of(params string[] names) => new(_clock) { Members = [.. names.Select(static name => new Member(name, $"{name}:1/key"))] };

    private SilosAround Around(Silos silos)
    {
        var source = ((ConfigurationOutcome.Valid)GranaryConfiguration.Read([], new Dictionary<string, string?>())).Source;
        return new SilosAround(new ServiceCollection().AddSingleton(silos).AddSingleton<ISiloCalls>(_calls).BuildServiceProvider(), source, _clock);
    }

    private sealed class Answering : ISiloCalls
    {
        public Dictionary<string, MemberReply> Says { get; } = [];

        public int Asked { get; private set; }

        public Task<MemberReply?> Ask(Member silo, MemberCall call, TimeSpan deadline, CancellationToken cancellationToken)
        {
            Asked++;
            Assert.IsType<MemberCall.Report>(call);
            return Task.FromResult(Says.GetValueOrDefault(silo.Name));
        }
    }
}
