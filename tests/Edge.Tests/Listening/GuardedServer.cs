using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Granary.Edge.Listening;
using Granary.Language;
using Granary.Semantics.Fields;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Listening;

/// <summary>A small Kestrel behind the strict guard that writes down each request it was shown.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GuardedServer(WebApplication app) => _app = app;

    private readonly Lock _lock = new();
    private TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    public ConcurrentQueue<string> Seen { get; } = new();

    public LogLines Log { get; private init; } = null!;

    /// <summary>What the meters of this server, and of no other in this process, belong to.</summary>
    public object Meters => _app.Services.GetRequiredService<IMeterFactory>();

    public IPEndPoint Address { get; private set; } = null!;

    public static async Task<GuardedServer> Start(HttpProtocols protocols = HttpProtocols.Http1, StrictHttp1Options? limits = null, TimeSpan? headTimeout = null, X509Certificate2? tls = null)
    {
        GuardedServer? server = null;
        var log = new LogLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.RequestHeadersTimeout = headTimeout ?? TimeSpan.FromSeconds(30);
            kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 500;
            kestrel.Limits.MaxRequestLineSize = 128 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 256 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.Use(next => connection => server!.Serve(connection, next));
                if (tls is not null) listen.UseHttps(tls);
                listen.UseStrictHttp1(limits);
            });
        });
        var app = builder.Build();
        server = new GuardedServer(app) { Log = log };
        app.Run(server.Answer);
        await app.StartAsync();
        server.Address = new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>When every connection is over on this side too, so that what was seen is all there is.</summary>
    public Task IsQuiet()
    {
        lock (_lock) return _connections == 0 ? Task.CompletedTask : _quiet.Task.Within();
    }

    private async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        lock (_lock) _connections++;
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
            {
                if (--_connections == 0)
                {
                    _quiet.SetResult();
                    _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    private Task Answer(HttpContext context) => context.Request.Path.Value switch
    {
        "/echo" => Echo(context),
        "/hint" => Hint(context),
        "/late" => LateHint(context),
        "/upgrade" => Upgrade(context),
        "/started" => Started(context),
        _ => Read(context),
    };

    /// <summary>Reads the content, then answers with what was read; a content that does not end cleanly is written down as such.</summary>
    private async Task Read(HttpContext context)
    {
        var request = context.Request;
        try
        {
            using var reader = new StreamReader(request.Body, Encoding.Latin1);
            var content = await reader.ReadToEndAsync();
            var trailers = request.CheckTrailersAvailable() ? string.Concat(context.Features.Get<IHttpRequestTrailersFeature>()!.Trailers.Select(t => $"|{t.Key}={t.Value}")) : "";
            Seen.Enqueue($"{request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget} [{content}]{trailers}");
            await context.Response.WriteAsync($"{request.Method} {content}");
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            Seen.Enqueue($"{request.Method} {request.Path} broken: {e.Message}");
            throw;
        }
    }

    private static async Task Echo(HttpContext context)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    private static async Task Hint(HttpContext context)
    {
        var interim = context.Features.Get<IInterimResponseFeature>()!;
        context.Response.Headers["X-Could"] = interim.CanSend.ToString();
        await interim.SendAsync(103, FieldLines.Of("Link: </style.css>; rel=preload", "Content-Length: 5", "X-Cut: a\r\nb"), context.RequestAborted);
        await interim.SendAsync(102, FieldLines.Empty, context.RequestAborted);
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync("final" + await reader.ReadToEndAsync());
        await interim.SendAsync(103, FieldLines.Empty, context.RequestAborted);
        await context.Response.Body.FlushAsync();
    }

    private IInterimResponseFeature? _former;

    /// <summary>Hints for the request before: nobody may get them.</summary>
    private async Task LateHint(HttpContext context)
    {
        if (_former is { } former) await former.SendAsync(103, FieldLines.Of("X-Late: 1"), default);
        _former = context.Features.Get<IInterimResponseFeature>()!.ForThisRequest();
        await context.Response.WriteAsync("ok");
    }

    private static async Task Upgrade(HttpContext context)
    {
        var feature = context.Features.Get<IHttpUpgradeFeature>()!;
        context.Response.Headers.Upgrade = "raw";
        if (context.Request.Query.ContainsKey("hint")) await context.Features.Get<IInterimResponseFeature>()!.SendAsync(103, FieldLines.Empty, default);
        await using var stream = await feature.UpgradeAsync();
        var buffer = new byte[1000];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;) await stream.WriteAsync(buffer.AsMemory(0, read));
    }

    /// <summary>Begins its answer before it reads the content.</summary>
    private async Task Started(HttpContext context)
    {
        await context.Response.WriteAsync("begun");
        await context.Response.Body.FlushAsync();
        await Read(context);
    }
}
