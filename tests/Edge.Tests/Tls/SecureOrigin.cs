using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Language;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Tls;

/// <summary>An origin that is reached by TLS, and says by what name and by whom it was asked.</summary>
internal sealed class SecureOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private SecureOrigin(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<SecureOrigin> Starts(
        Issued issued, SslProtocols protocols = SslProtocols.None, ClientCertificateMode clients = ClientCertificateMode.NoCertificate, HttpProtocols http = HttpProtocols.Http1AndHttp2, RequestDelegate? answer = null)
    {
        var certificate = issued.Load();
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(issued.Pem);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = http;
            listen.UseHttps(https =>
            {
                (https.ServerCertificate, https.SslProtocols, https.ClientCertificateMode) = (certificate, protocols, clients);
                https.ServerCertificateChain = chain;
                https.ClientCertificateValidation = static (shown, _, _) => shown is not null;
            });
        }));
        var app = builder.Build();
        app.Run(answer ?? (static context =>
        {
            var name = context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.ISslStreamFeature>()?.SslStream.TargetHostName;
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync($"{context.Request.Protocol} name={name} host={context.Request.Host} client={context.Connection.ClientCertificate?.Subject}");
        }));
        await app.StartAsync().Within();
        return new SecureOrigin(app, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
