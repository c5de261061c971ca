using System.Net;
using Granary.Grains.Resources;
using Granary.Grains.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Silo.Content;

/// <summary>
/// The content port: HTTP/1.1 between members of the cluster, <c>GET /{key}/content/{id}?from=N&amp;count=M</c>, and what else they ask each other by HTTP.
/// Whatever is not asked for with the key of this silo does not exist.
/// </summary>
public static class ContentPort
{
    /// <summary>Opens the port, and stamps the answers that leave with it.</summary>
    /// <param name="advertised">The address that the others are told.</param>
    /// <param name="port">0 picks a free one.</param>
    /// <param name="inlineLimit">The largest content that travels inside an answer.</param>
    /// <param name="configure">What comes before HTTP, such as TLS.</param>
    /// <param name="listened">The address to listen on, where it is another one.</param>
    public static WebApplicationBuilder AddContentPort(
        this WebApplicationBuilder builder, IPAddress advertised, int port, Func<long> inlineLimit, Action<ListenOptions>? configure = null, IPAddress? listened = null)
    {
        var key = new SiloKey();
        var endpoint = new ContentEndpoint(advertised, key);
        builder.Services.AddSingleton(key).AddSingleton(endpoint).AddSingleton<ContentResponses>();
        builder.Services.AddSingleton(services => new OutgoingAnswers(
            services.GetRequiredService<ResponseStore>(), () => endpoint.Current, inlineLimit, services.GetRequiredService<TimeProvider>()));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(listened ?? advertised, port, options =>
        {
            configure?.Invoke(options);
            options.UseContent();
            endpoint.ListensBy(options);
        }));
        return builder;
    }

    /// <summary>Put this first in the pipeline: whatever comes over the content port ends here.</summary>
    public static IApplicationBuilder UseContentPort(this IApplicationBuilder app, params ReadOnlySpan<ContentRoute> more)
    {
        var routes = more.ToArray();
        var key = app.ApplicationServices.GetRequiredService<SiloKey>();
        var content = app.ApplicationServices.GetRequiredService<ContentResponses>();
        return app.MapWhen(ContentListener.IsOnContentPort, port => port.Run(context => Answer(context, key, content, routes)));
    }

    private static Task Answer(HttpContext context, SiloKey key, ContentResponses content, ContentRoute[] routes)
    {
        var path = context.Request.Path.Value.AsSpan();
        if (path.Length <= SiloKey.Length || !key.Is(path.Slice(1, SiloKey.Length))) return Refuse(context, StatusCodes.Status404NotFound);
        path = path[(1 + SiloKey.Length)..];
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) && ContentQuery.IsFor(path))
            return ContentQuery.Read(path, context.Request.QueryString) is { } asked ? content.Answer(context, asked) : Refuse(context, StatusCodes.Status400BadRequest);
        foreach (var route in routes)
            if (HttpMethods.Equals(route.Method, method) && path.SequenceEqual(route.Path)) return route.Answer(context);
        return Refuse(context, StatusCodes.Status404NotFound);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
