using System.IO.Pipelines;
using System.Net;
using Granary.Edge.AccessLog;
using Granary.Edge.Layer4;

namespace Granary.Edge.Tunnels;

/// <summary>The client of a tunnel.</summary>
/// <param name="Way">How it asked for it.</param>
/// <param name="Input">What it sends; what it has sent too early is in it.</param>
internal sealed record Wayfarer(TunnelWay Way, EndPoint? Client, PipeReader Input, ClientEnd Output)
{
    /// <summary>What lies under it, for whoever answers the client himself.</summary>
    public required TunnelLine Line { get; init; }

    /// <summary>What is written of it; null where nothing is.</summary>
    public AccessRecord? Record { get; init; }
}
