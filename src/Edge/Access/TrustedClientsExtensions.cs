namespace Granary.Edge.Access;

/// <summary>The client before anything that asks who it is.</summary>
internal static class TrustedClientsExtensions
{
    public static void UseTrustedClients(this IApplicationBuilder app)
    {
        var clients = app.ApplicationServices.GetRequiredService<TrustedClients>();
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            clients.Tell(context);
            return next(context);
        });
    }
}
