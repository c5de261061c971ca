using Granary.Edge.Errors;
using Granary.Grains.Origin;

namespace Granary.Edge.Tunnels.Socks;

/// <summary>What SOCKS calls our reasons.</summary>
internal static class SocksReplies
{
    public static SocksReply Of(ForwardError why) => why switch
    {
        { Stage: ErrorStage.Access } or { Status: 508 } => SocksReply.NotAllowed,
        ForwardError.Origin { Error.Fault: OriginFault.ConnectionRefused } => SocksReply.ConnectionRefused,
        ForwardError.Origin { Error.Fault: OriginFault.Unreachable } => SocksReply.NetworkUnreachable,
        ForwardError.Origin { Error.Stage: OriginStage.Resolve or OriginStage.Connect } => SocksReply.HostUnreachable,
        _ => SocksReply.GeneralFailure,
    };
}
