using System.Net;
using Granary.Edge.ProxyProtocol;
using Granary.Silo.Configuration;

namespace Granary.Edge.Layer4;

/// <summary>The PROXY header that destinations of a listener are sent.</summary>
internal sealed class OutgoingHeader(ProxyProtocolOut version)
{
    /// <summary>Empty if there is none.</summary>
    public byte[] For(EndPoint? client, EndPoint? local) => version switch
    {
        ProxyProtocolOut.V1 => ProxyHeaderWriter.V1(client, local),
        ProxyProtocolOut.V2 => ProxyHeaderWriter.V2(client, local),
        _ => [],
    };

    /// <summary>No client stands behind it.</summary>
    public byte[] ForHealthCheck() => version is ProxyProtocolOut.V2 ? ProxyHeaderWriter.LocalV2() : For(null, null);
}
