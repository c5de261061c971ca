using Granary.Edge.Configuration;
using Granary.Edge.Errors;
using Granary.Silo.Admin;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Granary.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Admin;

/// <summary>A server with a proxy listener, which answers everything with "proxied", and an admin listener.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SettingsSource _settings;

    private AdminHost(WebApplication app, SettingsSource settings)
    {
        (_app, _settings) = (app, settings);
        var addresses = app.Urls.ToArray();
        Proxy = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        Admin = new HttpClient { BaseAddress = new Uri(addresses[1]) };
    }

    public HttpClient Proxy { get; }

    public HttpClient Admin { get; }

    public Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    public ErrorAnswers Errors => _app.Services.GetRequiredService<ErrorAnswers>();

    public static async Task<AdminHost> Start(params string[] args)
    {
        var valid = (ConfigurationOutcome.Valid)GranaryConfiguration.Read(args, new Dictionary<string, string?>());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAdmin(valid.Source).AddSingleton<ErrorAnswers>();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.Apply(valid.Settings.Client);
            kestrel.Listen(ListenAddress.Parse("http://localhost:0")!, static _ => { });
            kestrel.Listen(ListenAddress.Parse("http://127.0.0.1:0")!, static options => options.UseAdmin());
        });
        var app = builder.Build();
        app.MapAdmin(new AdminRoute("POST", "/purge", context => context.Response.WriteAsync("purged")));
        app.Run(context => context.Response.WriteAsync("proxied"));
        await app.StartAsync();
        return new AdminHost(app, valid.Source);
    }

    public async Task<HttpResponseMessage> Asks(string method, string path, params string[] fields)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var field in fields) request.Headers.TryAddWithoutValidation(field[..field.IndexOf(':', StringComparison.Ordinal)], field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        return await Admin.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        Admin.Dispose();
        await _app.DisposeAsync();
        _settings.Dispose();
    }
}
