using Granary.Edge.Tests.Caching;
using Granary.Language;

namespace Granary.Edge.Tests.Partial;

[Collection(CachingCollection.Name)]
public sealed class ChangingFileTests(CachingWorld world) : CachingScene(world)
{
    [Theory, Trait("Needs", "Clock"), Trait("Spec", "RFC 9110 §15.3.7.3"), Trait("Kind", "required"), Trait("Promise", "P4"), Trait("Fault", "40")]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Whatever_is_asked_for_while_a_file_changes_each_answer_is_of_one_representation(int seed, bool knowsIfRange)
    {
        const int length = 5 * LargeFile.Mi / 2;
        var random = new Random(seed);
        var versions = Enumerable.Range(0, 10).Select(i => new LargeFile(length, $"\"{i}\"", "Cache-Control: max-age=30")).ToArray();
        var current = versions[0];
        Origin.Acts("/changing", side => current.Serve(knowsIfRange ? side : side.Without("If-Range")));
        for (var i = 0; i < 50; i++)
        {
            if (random.Next(12) == 0) current = versions[random.Next(10)];
            if (random.Next(8) == 0) Clock.Passes(random.Next(20).Seconds());
            var asking = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Ask(random, length)).ToList();
            foreach (var (first, last, one) in asking) AssertOfOne(versions, await one.Gets(), first, last);
        }
    }

    private (long First, long Last, Asking Asking) Ask(Random random, int length)
    {
        if (random.Next(10) == 0) return (0, length - 1, Client.Asks("/changing"));
        var first = random.Next(length);
        var last = Math.Min(length - 1, first + random.Next(random.Next(2) == 0 ? 100 : length));
        return random.Next(4) switch
        {
            0 => (first, length - 1, Client.Asks("/changing", $"Range: bytes={first}-")),
            1 => (length - 1 - first, length - 1, Client.Asks("/changing", $"Range: bytes=-{first + 1}")),
            _ => (first, last, Client.Asks("/changing", $"Range: bytes={first}-{last}")),
        };
    }

    private static void AssertOfOne(LargeFile[] versions, Got got, long first, long last)
    {
        var version = versions.Single(file => file.ETag == got.Field("ETag"));
        var (from, to) = got.Status == 200 ? (0, version.Length - 1) : (first, last);
        if (got.Status == 206) got.Has($"Content-Range: bytes {first}-{last}/{version.Length}");
        Assert.True(version.Bytes(from, to) == got.Content, $"Bytes {from} to {to} are not all of {version.ETag}: {got.CacheStatus}");
    }
}
