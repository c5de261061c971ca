using System.Text;

namespace Granary.Silo.Admin;

/// <summary>The answers for probes. They need no token: a kubelet has none, and they tell no more than yes or no and which part objects.</summary>
internal static class Health
{
    /// <summary>Live is who can answer this; being restarted would not help a process that only waits for others.</summary>
    public static Task Live(HttpContext context) => Answer(context, true, "live\n");

    public static Task Ready(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<Readiness>();
        return Answer(context, readiness.IsReady, Ready(readiness));
    }

    public static Task Startup(HttpContext context)
    {
        var started = context.RequestServices.GetRequiredService<Readiness>().HasStarted;
        return Answer(context, started, started ? "started\n" : "starting\n");
    }

    private static string Ready(Readiness readiness)
    {
        var text = new StringBuilder(readiness.IsReady ? "ready\n" : "not ready\n");
        if (!readiness.HasStarted) text.Append("start: not over\n");
        foreach (var (part, why) in readiness.Objections) text.Append(part).Append(": ").Append(why).Append('\n');
        foreach (var (part, what) in readiness.Notes) text.Append(part).Append(": ").Append(what).Append('\n');
        return text.ToString();
    }

    private static async Task Answer(HttpContext context, bool good, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = content.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
