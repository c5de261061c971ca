using Granary.Grains.Origin;
using Yarp.ReverseProxy.Forwarder;

namespace Granary.Edge.Routing;

/// <summary>One way to origins: YARP's clusters, what they pass and how they look after health, use the connections of <see cref="OriginClient"/>.</summary>
internal sealed class OriginConnections(OriginClient origin) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) =>
        context.OldClient is not null && context.NewConfig == context.OldConfig
            ? context.OldClient
            : origin.PassageBy(RouteTable.TraitsOf(context.NewConfig));
}
