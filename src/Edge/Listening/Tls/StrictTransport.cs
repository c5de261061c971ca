using System.Globalization;
using System.Runtime.CompilerServices;
using Granary.Silo.Configuration;
using Microsoft.Net.Http.Headers;

namespace Granary.Edge.Listening.Tls;

/// <summary>Strict-Transport-Security on whatever is answered over TLS, in place of what an origin says. Never on http: RFC 6797 §7.2.</summary>
internal static class StrictTransport
{
    private static readonly ConditionalWeakTable<HstsSettings, string> Values = [];

    public static void Promise(HttpContext context, HstsSettings hsts)
    {
        if (hsts.MaxAge == TimeSpan.Zero) return;
        var promise = new Promised(context.Response, Values.GetValue(hsts, Write));
        context.Response.OnStarting(static promise => ((Promised)promise).Keep(), promise); // the first to be registered has the last word
    }

    // RFC 6797 §6.1.
    private static string Write(HstsSettings hsts) => string.Create(CultureInfo.InvariantCulture,
        $"max-age={(long)hsts.MaxAge.TotalSeconds}{(hsts.IncludeSubDomains ? "; includeSubDomains" : "")}{(hsts.Preload ? "; preload" : "")}");

    private sealed class Promised(HttpResponse response, string value)
    {
        public Task Keep()
        {
            response.Headers[HeaderNames.StrictTransportSecurity] = value;
            return Task.CompletedTask;
        }
    }
}
