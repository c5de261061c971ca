using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Listening;

/// <summary>Puts the strict guard on a listener.</summary>
public static class StrictHttp1Extensions
{
    /// <summary>
    /// Shows Kestrel only requests that every recipient cuts alike (RFC 9112 §11.2). Call it after <c>UseHttps</c>, so that it sees
    /// plain text, and after whatever takes CONNECT off the connection: a tunnel is no HTTP and must not pass through it.
    /// </summary>
    public static ListenOptions UseStrictHttp1(this ListenOptions options, StrictHttp1Options? limits = null)
    {
        var services = options.ApplicationServices;
        var guard = new StrictHttp1(
            limits ?? new StrictHttp1Options(),
            new RefusedRequests(services.GetService<IMeterFactory>()),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<StrictHttp1>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System);
        options.Use(next => connection => guard.Serve(connection, next));
        return options;
    }
}
