using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Pass;

/// <summary>YARP's forwarder at the end of YARP's pipeline, but with our rules around the transforms of the route where the request came through the cache.</summary>
internal sealed class RoutedForwarder(IHttpForwarder forwarder) : IHttpForwarder
{
    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        forwarder.SendAsync(context, destinationPrefix, httpClient, requestConfig, RulesOver(context, transformer));

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer, CancellationToken cancellationToken) =>
        forwarder.SendAsync(context, destinationPrefix, httpClient, requestConfig, RulesOver(context, transformer), cancellationToken);

    private static HttpTransformer RulesOver(HttpContext context, HttpTransformer transformer) => context.Features.Get<PassTransformer>() ?? transformer;

    /// <summary>Puts it around the forwarder that is registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var yarp = services.Last(static service => service.ServiceType == typeof(IHttpForwarder));
        services.Remove(yarp);
        services.AddSingleton<IHttpForwarder>(provider => new RoutedForwarder(
            (IHttpForwarder)(yarp.ImplementationInstance ?? yarp.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, yarp.ImplementationType!))));
    }
}
