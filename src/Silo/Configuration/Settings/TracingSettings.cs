using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration;

/// <summary>Traces of requests, sent to a collector by OTLP over HTTP. Only edges make them.</summary>
public sealed record TracingSettings
{
    /// <summary>Default none: there are no traces, and nothing is done for any.</summary>
    [HttpUrl("Where traces go by OTLP over HTTP, as http://collector:4318; /v1/traces is added where there is no path", NeedsRestart = true)]
    public string? Endpoint { get; init; }

    /// <summary>0 … 1. Default 0.01.</summary>
    [Fraction("Share of requests that are traced; a client that says that it does not trace is believed, one that says that it does is not", NeedsRestart = true)]
    public double Ratio { get; init; } = 0.01;

    /// <summary>Default false: what a client sends of it is handed on as it is.</summary>
    [Flag("Whether origins are told of the trace, in traceparent and tracestate", NeedsRestart = true)]
    public bool TellOrigins { get; init; }
}
