using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Tests.Tls;
using Granary.Language;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Streams;

/// <summary>A server of ASP.NET Core with a WebSocket that echoes and a gRPC service, in the clear or by TLS.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;

    private Backend(WebApplication app, X509Certificate2? certificate) => (_app, _certificate) = (app, certificate);

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<Backend> Starts(HttpProtocols protocols, Issued? tls = null, RequestDelegate? answer = null)
    {
        var certificate = tls?.Load();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null) listen.UseHttps(certificate);
            });
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<IServiceMethodProvider<EchoService>, EchoMethods>();
        var app = builder.Build();
        app.UseWebSockets();
        app.MapGrpcService<EchoService>();
        app.Map("/socket", Echo);
        if (answer is not null) app.Run(answer);
        await app.StartAsync().Within();
        return new Backend(app, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private static async Task Echo(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, $"closed by {context.Request.Protocol}", CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, read.Count), read.MessageType, read.EndOfMessage, CancellationToken.None);
        }
    }
}

/// <summary>gRPC without generated code: a message is its text.</summary>
internal static class Echo
{
    private static readonly Marshaller<string> Text = Marshallers.Create(System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);

    public static readonly Method<string, string> Once = new(MethodType.Unary, "test.Echo", "Once", Text, Text);

    public static readonly Method<string, string> BothWays = new(MethodType.DuplexStreaming, "test.Echo", "BothWays", Text, Text);

    public static readonly Method<string, string> Upload = new(MethodType.ClientStreaming, "test.Echo", "Upload", Text, Text);

    public static readonly Method<string, string> Download = new(MethodType.ServerStreaming, "test.Echo", "Download", Text, Text);
}

/// <summary>The service behind it.</summary>
internal sealed class EchoService
{
    public static async Task<string> Once(string request, ServerCallContext context)
    {
        if (request == "fail") throw new RpcException(new Status(StatusCode.FailedPrecondition, "told to"), new Metadata { { "x-why", "asked" } });
        context.ResponseTrailers.Add("x-trailer", "behind");
        await context.WriteResponseHeadersAsync(new Metadata { { "x-header", "before" } });
        return $"echo {request}";
    }

    public static async Task BothWays(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken)) await responses.WriteAsync($"echo {requests.Current}");
        context.ResponseTrailers.Add("x-trailer", "behind");
    }

    public static async Task<string> Upload(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]); // the head comes long before the end of the request
        var length = 0L;
        while (await requests.MoveNext(context.CancellationToken)) length += requests.Current.Length;
        return $"{length}";
    }

    public static async Task Download(string request, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        for (var i = 0; i < int.Parse(request, System.Globalization.CultureInfo.InvariantCulture); i++) await responses.WriteAsync(new string('x', 10_000));
    }
}

/// <summary>Tells ASP.NET Core of the methods, which generated code would do.</summary>
internal sealed class EchoMethods : IServiceMethodProvider<EchoService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EchoService> context)
    {
        context.AddUnaryMethod(Echo.Once, [], static (_, request, call) => EchoService.Once(request, call));
        context.AddDuplexStreamingMethod(Echo.BothWays, [], static (_, requests, responses, call) => EchoService.BothWays(requests, responses, call));
        context.AddClientStreamingMethod(Echo.Upload, [], static (_, requests, call) => EchoService.Upload(requests, call));
        context.AddServerStreamingMethod(Echo.Download, [], static (_, request, responses, call) => EchoService.Download(request, responses, call));
    }
}
