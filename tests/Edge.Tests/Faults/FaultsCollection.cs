using Granary.Language;

namespace Granary.Edge.Tests.Faults;

[CollectionDefinition(Name)]
public sealed class FaultsCollection : ICollectionFixture<CachingWorld>
{
    public const string Name = "faults";
}

/// <summary>How a request reaches the origin; the machinery differs, what is expected does not.</summary>
public enum Road
{
    /// <summary>A GET on a cold URL: the owner of the URL fetches.</summary>
    Fetched,

    /// <summary>The same for a client that speaks HTTP/2.</summary>
    FetchedForHttp2,

    /// <summary>A POST: forwarded by the edge.</summary>
    Posted,

    /// <summary>A GET on a URL that is remembered as not storable: forwarded by the edge.</summary>
    Remembered,
}

/// <summary>A scene in which the same fault is met on each road.</summary>
[Trait("Needs", "Process")] // the limits that end a fault are minutes, and only a fake clock makes them short
public abstract class FaultScene(CachingWorld world) : CachingScene(world)
{
    protected static IEnumerable<Road> Roads => Enum.GetValues<Road>();

    private Client? _http2;

    private Client Http2 => _http2 ??= ClientOf(System.Net.HttpVersion.Version20);

    /// <summary>The origin does this to requests that come on that road.</summary>
    protected async Task Acts(Road road, string path, Func<OriginSide, Task> act)
    {
        if (road == Road.Remembered)
        {
            Origin.Answers(path, 200, ["Cache-Control: no-store"], "remembered");
            await Client.Asks(path).Gets(200, "remembered");
        }

        Origin.Acts(path, act);
    }

    protected Asking Asks(Road road, string path, params string[] fields) => road switch
    {
        Road.Posted => Client.Sends("POST", path, fields, "content"),
        Road.FetchedForHttp2 => Http2.Asks(path, fields),
        _ => Client.Asks(path, fields),
    };

    /// <summary>Nothing of the damaged answer is stored, and the way to the origin is clean.</summary>
    protected async Task IsWellAfter(Road road, string path)
    {
        Origin.Answers(path, 200, ["Cache-Control: max-age=60"], "whole");
        var after = await Asks(road, path).Gets(200, "whole");
        Assert.DoesNotContain("hit", after.CacheStatus, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++) await Client.Asks(path).Gets(200, "whole");
    }
}
