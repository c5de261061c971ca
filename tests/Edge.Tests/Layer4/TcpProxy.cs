using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Granary.Edge.Layer4;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Layer4;

/// <summary>A listener of layer 4 in a Kestrel of its own, by a fake clock.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterListener _meters = new();
    private readonly Changes _changes;
    private readonly IMeterFactory _factory;
    private readonly ConcurrentBag<(Wire Client, Wire Handed)> _held = [];
    private int _connections;

    private TcpProxy(WebApplication app, Clock clock, Events events) =>
        (_app, Clock, Log, _changes, _factory) = (app, clock, events, events.Changes, app.Services.GetRequiredService<IMeterFactory>());

    public Clock Clock { get; }

    public Events Log { get; }

    public IPEndPoint Address { get; private set; } = null!;

    public TcpService Service => _app.Services.GetRequiredService<TcpServices>().All[0];

    /// <param name="settings">As on the command line, below the listener's key: <c>To 127.0.0.1:22</c>.</param>
    public static async Task<TcpProxy> Starts(params string[] settings)
    {
        var args = settings.Prepend("Listen 127.0.0.1:0").Prepend("Name tcp").SelectMany(static setting => $"--Granary:Tcp:0:{setting}".Split(' ', 2)).ToArray();
        var read = GranaryConfiguration.Read(args, new Dictionary<string, string?>());
        if (read is not ConfigurationOutcome.Valid valid) throw new ArgumentException((read as ConfigurationOutcome.Mistaken)?.Message, nameof(settings));
        var (clock, events) = (new Clock(), new Events());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(events).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddLayer4(valid.Source, clock.Time);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ListenLayer4());
        var proxy = new TcpProxy(builder.Build(), clock, events);
        proxy.CountConnections();
        await proxy._app.StartAsync().Within();
        proxy.Address = new IPEndPoint(IPAddress.Loopback, new Uri(proxy._app.Urls.Single()).Port);
        return proxy;
    }

    public Task<Wire> Client() => Wire.To(Address);

    /// <summary>A client is reset, as soon as it is connected or after.</summary>
    public async Task Refuses()
    {
        try
        {
            using var client = await Client();
            await client.HearsAReset();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // The reset was there before connecting had come back.
        }
    }

    /// <summary>A client and what its connection is handed on as. Both stay open: a socket that nobody holds is closed by the garbage collector.</summary>
    public async Task<(Wire Client, Wire Handed)> Connects(Backend to)
    {
        var connection = (await Client(), await to.Accepts());
        _held.Add(connection);
        return connection;
    }

    /// <summary>Every connection is over, and nothing of one is left: neither counted here nor at a destination.</summary>
    public async Task IsQuiet()
    {
        await _changes.Until(() => Volatile.Read(ref _connections) == 0, () => $"{_connections} connections are left.");
        Assert.Equal(0, Service.Figures.Open);
        Assert.All(Service.Destinations, static destination => Assert.Equal(0, destination.Open));
    }

    public async Task Tells(string name, int times = 1) => await _changes.Until(() => Log.Count(name) >= times, () => $"{name} was told {Log.Count(name)} times. {Unhandled()}");

    /// <summary>The one line about the connection that ended last.</summary>
    public async Task<string> TellsOfTheEnd()
    {
        await Tells("ConnectionClosed");
        return Log.Lines.Last(static line => line.Event == "ConnectionClosed").Text;
    }

    /// <summary>The sum of an instrument over the listeners that have these labels.</summary>
    public double Reads(string instrument, params string[] labels)
    {
        var sum = 0.0;
        using var listener = new MeterListener { InstrumentPublished = (found, listener) => { if (found.Name == instrument && found.Meter.Scope == _factory) listener.EnableMeasurementEvents(found); } };
        void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var said = tags.ToArray().Select(static tag => $"{tag.Value}").ToHashSet();
            if (labels.All(said.Contains)) sum += value;
        }

        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }

    public Task Stops() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).Within();
        await _app.DisposeAsync();
        _meters.Dispose();
    }

    private string Unhandled() => string.Join("; ", Log.Lines.GroupBy(static line => line.Event).Select(static lines => $"{lines.Count()} {lines.Key}: {lines.Last().Text}"));

    private void CountConnections()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections" && instrument.Meter.Scope == _factory) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) =>
        {
            Interlocked.Add(ref _connections, (int)change);
            _changes.Happen();
        });
        _meters.Start();
    }

    /// <summary>What was logged.</summary>
    internal sealed class Events : ILoggerProvider, ILogger
    {
        public Changes Changes { get; } = new();

        public ConcurrentQueue<(string? Event, string Text)> Lines { get; } = new();

        public int Count(string name) => Lines.Count(line => line.Event == name);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue((eventId.Name, formatter(state, exception)));
            Changes.Happen();
        }

        public void Dispose()
        {
        }
    }
}
