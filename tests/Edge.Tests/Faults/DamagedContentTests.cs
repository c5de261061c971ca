using System.Runtime.InteropServices;
using Granary.Grains.Store;
using Granary.Language;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Edge.Tests.Faults;

/// <summary>A bit of a stored response changes in memory.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Fault", "58"), Trait("Promise", "P4"), Trait("Needs", "Process")]
public sealed class DamagedContentTests(CachingWorld world) : FaultScene(world)
{
    private ResponseStore Store => Process.Services.GetRequiredService<ResponseStore>();

    [Theory, InlineData(100, false), InlineData(1_000_000, true)]
    public async Task Content_that_was_damaged_in_memory_is_refused_and_fetched_anew(int length, bool isScrubbed)
    {
        var content = new string('c', length);
        Origin.Answers("/item", 200, ["Cache-Control: max-age=60"], content);
        await Client.Asks("/item").Gets(200, content, Outcome.Stored);
        await Process.FetchesEnd(UriOf("/item"));
        Damage(Assert.Single(Store.Find(UriOf("/item"))).Content);
        if (isScrubbed) Process.IsScrubbed();
        await Client.Asks("/item").Gets(200, content);
        await Client.Asks("/item").Gets(200, content, Outcome.Hit);
        Origin.WasAsked("/item", 2);
    }

    private static void Damage(Content content)
    {
        using var reader = content.TryOpenReader()!;
        Assert.True(reader.TryRead(out var bytes));
        MemoryMarshal.AsMemory(bytes).Span[0] ^= 4;
    }
}
