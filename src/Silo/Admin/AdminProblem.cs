namespace Granary.Silo.Admin;

/// <summary>Answers of the admin listener that are no.</summary>
internal static class AdminProblem
{
    public static Task Refuse(HttpContext context, AdminRefusal refusal)
    {
        if (refusal is AdminRefusal.TokenMissing or AdminRefusal.TokenWrong)
        {
            // RFC 6750 §3: no error attribute where no token was shown.
            context.Response.Headers.WWWAuthenticate =
                refusal is AdminRefusal.TokenMissing ? "Bearer realm=\"granary\"" : "Bearer realm=\"granary\", error=\"invalid_token\"";
            return Write(context, StatusCodes.Status401Unauthorized, "The admin token is needed.");
        }

        return Write(context, StatusCodes.Status403Forbidden, refusal switch
        {
            AdminRefusal.HostNotLoopback => "Without a token, the Host must be localhost, 127.0.0.1 or [::1].",
            AdminRefusal.CrossOrigin => "Pages from elsewhere may not use the admin endpoints.",
            _ => "This listener has no token to protect it.",
        });
    }

    public static Task NotFound(HttpContext context) => Write(context, StatusCodes.Status404NotFound, "There is no such admin endpoint.");

    public static Task MethodNotAllowed(HttpContext context, string allow)
    {
        context.Response.Headers.Allow = allow;   // RFC 9110 §15.5.6
        return Write(context, StatusCodes.Status405MethodNotAllowed, "The endpoint has other methods.");
    }

    internal static Task Write(HttpContext context, int status, string detail)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Problem(detail, statusCode: status, type: "about:blank",
            title: Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)).ExecuteAsync(context);
    }
}
