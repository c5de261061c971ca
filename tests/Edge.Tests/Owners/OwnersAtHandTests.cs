using Granary.Edge.Tests.Caching;
using Granary.Grains.Resources;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Granary.Edge.Tests.Owners;

/// <summary>The owner of every URI is the process itself (decision 0029).</summary>
[Collection(CachingCollection.Name)]
public sealed class OwnersAtHandTests(CachingWorld world) : CachingScene(world)
{
    private IGrainFactory Grains => Process.Services.GetRequiredService<IGrainFactory>();

    [Fact]
    public async Task A_miss_brings_up_no_activation()
    {
        Origin.Answers("/once", 200, ["Cache-Control: max-age=60"], "word");
        await Client.Asks("/once").Gets(200, "word", Outcome.Stored);
        Assert.Null(await Activation("/once"));
    }

    [Fact, Trait("Promise", "P2")]
    public async Task A_purge_by_the_grain_holds_for_what_was_stored_without_it()
    {
        Origin.Answers("/once", 200, ["Cache-Control: max-age=60"], "first");
        await Client.Asks("/once").Gets(200, "first", Outcome.Stored);
        Origin.Answers("/once", 200, ["Cache-Control: max-age=60"], "second");
        await Grains.GetGrain<IResourceGrain>(UriOf("/once")).Invalidate();
        Assert.NotNull(await Activation("/once"));
        await Client.Asks("/once").Gets(200, "second", Outcome.Stored);
    }

    private async Task<SiloAddress?> Activation(string path) => await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(Grains.GetGrain<IResourceGrain>(UriOf(path)));
}
