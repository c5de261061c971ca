using Granary.Edge.AccessLog;
using Granary.Edge.Delivery;
using Granary.Edge.Errors;
using Granary.Edge.Listening;
using Granary.Edge.Listening.Tls;
using Granary.Edge.Routing;
using Granary.Edge.Tunnels;
using Granary.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Inspection;

/// <summary>Brings inspection of tunnels into an edge.</summary>
internal static class InspectionHosting
{
    public static IServiceCollection AddInspection(this IServiceCollection services, SettingsSource settings, TimeProvider clock) => services
        .AddSingleton<InspectionMeter>()
        .AddSingleton(provider => new SigningAuthority(() => settings.Current.Inspection, clock, provider.GetRequiredService<ILogger<SigningAuthority>>()))
        .AddSingleton(provider => new LeafCertificates(provider.GetRequiredService<SigningAuthority>(), () => settings.Current.Inspection, provider.GetRequiredService<InspectionMeter>(), clock))
        .AddSingleton(provider => new Inspecting(
            provider.GetRequiredService<LeafCertificates>(), () => settings.Current, provider.GetRequiredService<AccessLines>(), provider.GetRequiredService<ErrorAnswers>(), provider.GetRequiredService<TunnelMeter>(),
            provider.GetRequiredService<InspectionMeter>(), provider.GetRequiredService<IHostApplicationLifetime>(), clock, provider.GetRequiredService<ILogger<Inspecting>>()))
        .AddSingleton<IConnectionListenerFactory>(static provider => new HandOffListenerFactory(provider.GetRequiredService<Inspecting>().Inside));

    /// <summary>The end point whose connections are what is in tunnels. Which HTTP they speak, their handshakes have settled.</summary>
    public static void ListenInTunnels(this KestrelServerOptions kestrel, StrictHttp1Options limits) =>
        kestrel.Listen(kestrel.ApplicationServices.GetRequiredService<Inspecting>().Inside.EndPoint, options => options.UseStrictHttp1(limits));

    /// <summary>
    /// What is asked in a tunnel goes where forward requests go, past everything that belongs to sites of our own. First of all: its client has said all that it has to say of itself when it opened the tunnel.
    /// </summary>
    public static IApplicationBuilder UseInspectedTunnels(this IApplicationBuilder app)
    {
        var (handler, errors) = (app.ApplicationServices.GetRequiredService<ProxyHandler>(), app.ApplicationServices.GetRequiredService<ErrorAnswers>());
        return app.MapWhen(static context => InspectedTunnel.Of(context) is not null, inside =>
        {
            inside.Use((HttpContext context, RequestDelegate next) => Enter(context) ? next(context) : errors.AnswerAsync(context, ForwardError.Misdirected));
            inside.UseTlsRules();
            inside.Run(handler.Handle);
        });
    }

    /// <returns>Whether it is for https, which over HTTP/2 the client says itself.</returns>
    private static bool Enter(HttpContext context)
    {
        var tunnel = InspectedTunnel.Of(context)!;
        var isSecure = context.Request.IsHttps;
        (tunnel.HasAsked, context.Request.Scheme) = (true, Uri.UriSchemeHttps);
        context.Features.Set(new ForwardStream(Uri.UriSchemeHttps));
        if (tunnel.User is { } user) context.Features.Set(user);
        if (AccessRecord.Of(context) is { } record) (record.IsInspected, record.Scheme) = (true, Uri.UriSchemeHttps);
        return isSecure;
    }
}
