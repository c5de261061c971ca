using Xunit;

namespace Granary.Language;

/// <summary>
/// One origin and one process for the tests of a collection: starting a silo for each of hundreds of tests would take minutes. With <see cref="Target"/> the process
/// is somewhere else, and may have seen earlier runs.
/// </summary>
public sealed class CachingWorld : IAsyncLifetime
{
    private readonly string _run = Target.Configured is null ? "" : $"/run-{Guid.NewGuid():n}";
    private OneProcess? _process;
    private int _scenes;

    public Origin Origin { get; } = Origin.Starts(Target.Configured?.OriginEndPoint);

    public OneProcess Process => _process ?? throw new InvalidOperationException("This case needs the process itself: [Trait(\"Needs\", \"Process\")].");

    public Clock Clock { get; private set; } = Clock.Real;

    public async Task InitializeAsync()
    {
        if (Target.Configured is not null) return;
        _process = await OneProcess.Starts(Origin);
        Clock = _process.Clock;
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await Origin.DisposeAsync();
    }

    /// <summary>A part of the URL space that nobody else uses.</summary>
    public string NewScene() => $"{_run}/scene-{Interlocked.Increment(ref _scenes)}";

    public Client Client(string scene, Version? version) =>
        Target.Configured?.Client(Origin, scene, version) ?? new Client(path => new Uri(Process.Url, scene + path), version);
}

/// <summary>
/// A test in which an origin answers, a client asks and the clock passes. Paths are private to the test. Such cases can be put to any address, unless they say by a
/// trait <c>Needs</c> what only a process in this one has: <c>Process</c>, <c>Clock</c> (one that can be moved far), <c>ConfiguredOrigin</c> (a reverse proxy).
/// </summary>
[Trait("Against", "AnyAddress")] // a class with a trait of its own does not inherit this one
public abstract class CachingScene : IDisposable
{
    private readonly CachingWorld _world;
    private readonly string _scene;

    protected CachingScene(CachingWorld world)
    {
        _world = world;
        _scene = world.NewScene();
        Clock = world.Clock;
        Origin = new SceneOrigin(world.Origin, _scene);
        Client = ClientOf(null);
    }

    protected OneProcess Process => _world.Process;

    protected Clock Clock { get; }

    protected SceneOrigin Origin { get; }

    protected Client Client { get; }

    /// <summary>The target URI of a path of this scene.</summary>
    protected string UriOf(string path) => new Uri(Process.Url, _scene + path).AbsoluteUri;

    protected Client ClientOf(Version? version) => _world.Client(_scene, version);

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
