using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Granary.Silo.Content;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>A silo as far as the content port goes: a store, the port, and another listener that answers everything with "other".</summary>
internal sealed class SiloSide : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, bool> _connections = new();

    private SiloSide(FakeTimeProvider clock, ResponseStoreOptions options)
    {
        Clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Store = new ResponseStore(options, clock);
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(Store);
        builder.AddContentPort(IPAddress.Loopback, 0, () => 32 << 10);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            _asked.Enqueue(context.Request.QueryString.Value!);
            _connections[context.Connection.Id] = true;
            return next(context);
        });
        _app.UseContentPort(new ContentRoute("POST", "/ask", context => context.Response.WriteAsync("answered")));
        _app.Run(context => context.Response.WriteAsync("other"));
    }

    public FakeTimeProvider Clock { get; }

    public ResponseStore Store { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public string Endpoint => _app.Services.GetRequiredService<ContentEndpoint>().Current!;

    public OutgoingAnswers Outgoing => _app.Services.GetRequiredService<OutgoingAnswers>();

    public Uri Url => new($"http://{Endpoint}/");

    public Uri Other => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Last());

    /// <summary>The query of each request so far.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public int Connections => _connections.Count;

    public static async Task<SiloSide> Starts(int window = 64 << 10, long memory = 64 << 20)
    {
        var silo = new SiloSide(new FakeTimeProvider(), new ResponseStoreOptions { MemoryBytes = memory, WindowBytes = window });
        await silo._app.StartAsync();
        return silo;
    }

    public string At(Content content, string query = "") => string.Create(CultureInfo.InvariantCulture, $"{Url}content/{content.Id}{query}");

    public ContentAddress Address(Content content) => new(content.Id, content.Length, Endpoint);

    public Task Stops() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Store.Dispose(); // cuts whatever a test has left
        await _app.DisposeAsync();
    }
}
