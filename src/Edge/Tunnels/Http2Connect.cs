using System.Net.Sockets;
using Granary.Edge.AccessLog;
using Granary.Edge.Errors;
using Granary.Edge.Layer4;
using Granary.Edge.Users;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Granary.Edge.Tunnels;

/// <summary>CONNECT over HTTP/2 (RFC 9113 §8.5): after 200 the content of request and response are the tunnel.</summary>
internal sealed class Http2Connect(OpenTunnels tunnels, ForwardUsers users, ErrorAnswers errors)
{
    public static bool IsAsked(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) && HttpProtocol.IsHttp2(context.Request.Protocol) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };

    public async Task Serve(HttpContext context)
    {
        try
        {
            await Answer(context);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            errors.Count(ForwardError.ClientGone);
            context.Abort();
        }
    }

    private async Task Answer(HttpContext context)
    {
        if (TunnelTarget.Parse(context.Request.Host.Value ?? "") is not { } target)
        {
            await errors.AnswerAsync(context, new ForwardError.BadRequest("The target of CONNECT is a host and a port."));
            return;
        }

        if (await users.Admit(context) is { } unknown)
        {
            await errors.AnswerAsync(context, unknown);
            return;
        }

        switch (await tunnels.Open(context.Connection.RemoteIpAddress, context.Features.Get<ClientIdentity>(), TunnelWay.Http2Connect, target, context.RequestAborted, context.Request.Headers.Via is { Count: > 0 } via ? via.ToString() : null))
        {
            case Opened.Refused(var why):
                await errors.AnswerAsync(context, why);
                break;
            case Opened.Ready to:
                using (to) await Run(context, target, to);
                break;
        }
    }

    private async Task Run(HttpContext context, TunnelTarget target, Opened.Ready opened)
    {
        // A tunnel is as fast as its ends.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate) responseRate.MinDataRate = null;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var client = context.Connection.RemoteIpAddress is { } address ? new System.Net.IPEndPoint(address, context.Connection.RemotePort) : null;
        await tunnels.Run(new Wayfarer(TunnelWay.Http2Connect, client, context.Request.BodyReader, new PipeEnd(context.Response.BodyWriter, context.Abort)) { Line = TunnelLine.Of(context), Record = AccessRecord.Of(context) }, target, opened);
    }
}
