using Granary.Fuzz;

namespace Granary.Semantics.Tests.Fuzzing;

/// <summary>The same few thousand inputs each time; <c>.ci/fuzz</c> tries others, for as long as it is told.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 3000;

    public static TheoryData<string> Readers => [.. Surfaces.All.Select(surface => surface.Name)];

    [Theory, MemberData(nameof(Readers))]
    public void Whatever_a_stranger_sends_nothing_breaks_and_what_must_hold_holds(string reader)
    {
        var campaign = new Campaign(Surfaces.All.Single(surface => surface.Name == reader), seed: 9111);
        for (var i = 0; i < Inputs; i++) Assert.Null(campaign.Step());
    }

    [Fact]
    public void A_campaign_finds_what_does_not_hold_and_makes_its_input_small()
    {
        var broken = new Surface("broken", ["max-age=60"], static input => input.Contains('"') ? throw new BrokenInvariantException("a quote") : input.Length);
        var campaign = new Campaign(broken, seed: 1);
        Finding? finding = null;
        for (var i = 0; i < 10_000 && finding is null; i++) finding = campaign.Step();
        Assert.Equal("\"", finding?.Input);
    }

    [Fact]
    public void Semantics_refers_to_nothing_but_the_base_library()
    {
        var references = typeof(StoredResponse).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.All(references, name => Assert.StartsWith("System", name, StringComparison.Ordinal));
    }
}
