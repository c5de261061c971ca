using Xunit;

namespace Granary.Language;

/// <summary>One origin and one process for the tests of a collection: starting a silo for each of hundreds of tests would take minutes.</summary>
public sealed class CachingWorld : IAsyncLifetime
{
    private int _scenes;

    public Origin Origin { get; } = Origin.Starts();

    public OneProcess Process { get; private set; } = null!;

    public async Task InitializeAsync() => Process = await OneProcess.Starts(Origin);

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await Origin.DisposeAsync();
    }

    /// <summary>A part of the URL space that nobody else uses.</summary>
    public string NewScene() => $"/scene-{Interlocked.Increment(ref _scenes)}";
}

/// <summary>A test in which an origin answers, a client asks and the clock passes. Paths are private to the test.</summary>
public abstract class CachingScene : IDisposable
{
    private readonly string _scene;

    protected CachingScene(CachingWorld world)
    {
        _scene = world.NewScene();
        (Process, Clock) = (world.Process, world.Process.Clock);
        Origin = new SceneOrigin(world.Origin, _scene);
        Client = ClientOf(null);
    }

    protected OneProcess Process { get; }

    protected Clock Clock { get; }

    protected SceneOrigin Origin { get; }

    protected Client Client { get; }

    /// <summary>The target URI of a path of this scene.</summary>
    protected string UriOf(string path) => new Uri(Process.Url, _scene + path).AbsoluteUri;

    protected Client ClientOf(Version? version) => new(path => new Uri(Process.Url, _scene + path), version);

    public void Dispose()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The origin as one test sees it: every path is inside its own scene.</summary>
public sealed class SceneOrigin(Origin origin, string scene)
{
    public string Url => origin.Url + scene;

    public string Scene => scene;

    public void Answers(string path, int status, IEnumerable<string> fields, string content = "") => origin.Answers(scene + path, status, fields, content);

    public void Acts(string path, Func<OriginSide, Task> act) => origin.Acts(scene + path, act);

    public void TakesHeadsOnly(string path, Func<OriginSide, Task> act) => origin.TakesHeadsOnly(scene + path, act);

    public IReadOnlyList<ReceivedRequest> Requests(string path) => origin.Requests(scene + path);

    public void WasAsked(string path, int times) => origin.WasAsked(scene + path, times);

    public void WasAsked(string path, params string[] fields) => origin.WasAsked(scene + path, fields);

    public void WasAskedWithout(string path, params string[] names) => origin.WasAskedWithout(scene + path, names);

    public void WasNotAsked(string path) => origin.WasNotAsked(scene + path);

    public Task IsAsked(string path, int times = 1) => origin.IsAsked(scene + path, times);
}
