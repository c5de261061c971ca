using Granary.Grains.Members;
using Granary.Silo.Configuration;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Granary.Edge.Tracing;

/// <summary>Brings traces into an edge that has somewhere to send them.</summary>
internal static class TracingServices
{
    public static IServiceCollection AddTracing(this IServiceCollection services, GranarySettings settings)
    {
        if (settings.Tracing.Endpoint is not { } endpoint) return services;
        services.AddOpenTelemetry().WithTracing(traces => traces
            .AddSource(RequestSpans.SourceName)
            .SetSampler(Sampler(settings.Tracing.Ratio))
            .ConfigureResource(resource => resource.AddService("granary-edge", serviceVersion: Reporting.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: settings.Cluster.Name))
            .AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, PlaceOf(endpoint))));
        return services;
    }

    /// <summary>First of all, so that it knows how long everything takes. Nothing, where there are no traces.</summary>
    public static void UseTracing(this IApplicationBuilder app, GranarySettings settings)
    {
        if (settings.Tracing.Endpoint is not null) app.Use((HttpContext context, RequestDelegate next) => RequestSpans.Trace(context, next));
    }

    // Whoever asks for a trace must not be able to ask for all of them: who is traced elsewhere is so here by our ratio, which goes by the number of the trace and thus is the same on all edges.
    private static ParentBasedSampler Sampler(double ratio)
    {
        var ours = new TraceIdRatioBasedSampler(ratio);
        return new ParentBasedSampler(ours, remoteParentSampled: ours);
    }

    private static Uri PlaceOf(string endpoint) => new Uri(endpoint) is { AbsolutePath: "/" } collector ? new Uri(collector, "/v1/traces") : new Uri(endpoint);
}
