namespace Granary.Silo.Hosting;

/// <summary>What a process writes: ours from Information, everybody else's from Warning, unless the <c>Logging</c> section says otherwise.</summary>
public static class ProcessLogging
{
    public static void AddProcessLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // GranaryProcess says it in one sentence
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None); // a stack trace for each failed request; ErrorAnswers says and counts them
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // with any level it makes an activity and a scope for each request, which nobody reads
        QuietOrleans(builder.Logging);
        if (builder.Configuration["Logging:LogLevel:Granary"] is null) builder.Logging.AddFilter("Granary", LogLevel.Information);
        builder.Logging.AddFilter("Granary.Grains.Members.MemberService", LogLevel.Warning); // Orleans says under its name how large its share of the ring is
    }

    // Each of these repeats, with a stack trace, what our own classes say once when it changes.
    private static void QuietOrleans(ILoggingBuilder logging)
    {
        logging.AddFilter("Orleans", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.None);
        logging.AddFilter("Orleans.Runtime.GrainDirectory", LogLevel.None);
        logging.AddFilter("Orleans.Runtime.Metadata", LogLevel.None);
        logging.AddFilter("Orleans.Messaging.GatewayManager", LogLevel.None);
    }
}
