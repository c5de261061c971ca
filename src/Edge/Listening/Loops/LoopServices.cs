using Granary.Edge.Delivery.Hits;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Granary.Edge.Listening.Loops;

/// <summary>Puts event loops under listeners, and requests that take longer out of them.</summary>
internal static class LoopServices
{
    /// <summary>After the standard sockets: Kestrel asks the last first.</summary>
    public static IServiceCollection AddEventLoops(this IServiceCollection services, ClientSettings client, TimeProvider clock)
    {
        if (client.Sockets != ClientSockets.EventLoops || !Kernel.IsHere) return services;
        services.AddSingleton(provider => new LoopListening(
            Environment.ProcessorCount, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), provider.GetRequiredService<IOptions<SocketTransportOptions>>(), clock));
        return services.AddSingleton<IConnectionListenerFactory>(static provider => provider.GetRequiredService<LoopListening>());
    }

    public static void UseEventLoops(this ListenOptions listener) => listener.ApplicationServices.GetService<LoopListening>()?.Take(listener);

    /// <summary>Before all that answers: only what is likely to be a hit at hand stays in the loop's turn.</summary>
    public static void UseLoopTurns(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<LoopListening>() is null) return;
        var hits = app.ApplicationServices.GetRequiredService<HitPath>();
        app.Use(next => context => hits.MayAnswer(context) ? next(context) : LoopTurns.Outside(context, next, static (context, next) => next(context)));
    }
}
