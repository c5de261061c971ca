using System.Diagnostics.Metrics;
using Granary.Edge.Hosting;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Language;

/// <summary>Granary in this process: a real edge with its embedded silo, on free ports, by a fake clock.</summary>
public sealed class OneProcess : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterListener _meters = new();
    private readonly Changes _clientsChange = new();
    private int _clientConnections;
    private int _clientConnectionsSoFar;

    private OneProcess(WebApplication app, Clock clock, Uri url, Uri admin) => (_app, Clock, Url, Admin) = (app, clock, url, admin);

    public Clock Clock { get; }

    public Uri Url { get; }

    public Uri Admin { get; }

    private FetchesUnderWay Fetches => _app.Services.GetRequiredService<FetchesUnderWay>();

    /// <summary>All that is stored is looked through for damage.</summary>
    public void IsScrubbed() => _app.Services.GetRequiredService<ResponseStore>().Scrub(long.MaxValue);

    /// <summary>What was invalidated has been looked for in the store.</summary>
    public Task IsSwept() => _app.Services.GetRequiredService<Sweeping>().Swept.Within();

    /// <summary>When all fetches of these target URIs that are under way now have ended.</summary>
    public Task FetchesEnd(params IEnumerable<string> uris) => Task.WhenAll(uris.SelectMany(uri => Fetches.Of(uri)).Select(static fetch => fetch.Ended));

    /// <summary>Waits until so many requests wait for the fetch of that target URI.</summary>
    public async Task HaveJoined(string uri, int requests)
    {
        for (var patience = Deadline.Over(); Waiting() < requests; await Task.Yield())
            if (patience.IsCompleted) throw new TimeoutException($"{Waiting()} requests wait, not {requests}.");

        int Waiting() => Fetches.Of(uri).Sum(static fetch => fetch.Waiting);
    }

    /// <summary>Waits until there are so many connections of clients, and have been so many since the start.</summary>
    public Task HasClients(int now, int soFar = 0) => _clientsChange.Until(
        () => Volatile.Read(ref _clientConnections) == now && Volatile.Read(ref _clientConnectionsSoFar) >= soFar,
        () => $"{_clientConnections} clients are there, of {_clientConnectionsSoFar}.");

    public IServiceProvider Services => _app.Services;

    /// <param name="origin">The origin of a reverse proxy; null for a forward proxy.</param>
    /// <param name="more">Further switches and keys, as on the command line.</param>
    public static async Task<OneProcess> Starts(Origin? origin, string[]? more = null, ILoggerProvider? logs = null)
    {
        string[] args = ["--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", .. Limits.Switches, .. origin is null ? [] : new[] { "--origin", origin.Url }, .. more ?? []];
        var read = GranaryConfiguration.Read(args, new Dictionary<string, string?>());
        if (read is not ConfigurationOutcome.Valid valid) throw new ArgumentException((read as ConfigurationOutcome.Mistaken)?.Message, nameof(more));
        var clock = new Clock();
        var app = EdgeHost.Build(valid, clock.Time, builder =>
        {
            builder.Logging.ClearProviders();
            if (logs is not null) builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        });
        await app.StartAsync().Within();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Where(address => address.StartsWith("http://127", StringComparison.Ordinal)).Select(address => new Uri(address)).ToList();
        var process = new OneProcess(app, clock, addresses[0], addresses[^1]);
        process.CountConnections();
        return process;
    }

    /// <summary>A client of the reverse proxy.</summary>
    public Client Client(Version? version = null) => new(path => new Uri(Url, path), version);

    /// <summary>A client that uses this process as its forward proxy.</summary>
    public Client ForwardClient(Origin origin) => new(path => new Uri(origin.Url + path), proxy: new System.Net.WebProxy(Url));

    private void CountConnections()
    {
        var factory = _app.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections" && instrument.Meter.Scope == factory) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) =>
        {
            Interlocked.Add(ref _clientConnections, (int)change);
            if (change > 0) Interlocked.Add(ref _clientConnectionsSoFar, (int)change);
            _clientsChange.Happen();
        });
        _meters.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _app.StopAsync().Within();
        await _app.DisposeAsync();
    }
}
