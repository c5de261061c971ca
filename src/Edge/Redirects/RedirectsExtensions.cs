namespace Granary.Edge.Redirects;

/// <summary>Redirection before routing.</summary>
internal static class RedirectsExtensions
{
    public static void UseRedirects(this IApplicationBuilder app)
    {
        var redirects = app.ApplicationServices.GetRequiredService<RedirectRules>();
        app.Use((HttpContext context, RequestDelegate next) => redirects.TryAnswer(context) ? Task.CompletedTask : next(context));
    }
}
