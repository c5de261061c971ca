using System.Text.Json;
using Granary.Silo.Admin;

namespace Granary.Edge.Policy;

/// <summary><c>GET /policy</c>: what is in force. <c>POST /policy/test</c>: what would become of a request, and why.</summary>
internal static class PolicyEndpoints
{
    private const int MostBytes = 16 << 10;

    public static readonly AdminRoute[] Routes = [new("GET", "/policy", Show), new("POST", "/policy/test", Test)];

    private static async Task Show(HttpContext context)
    {
        await using var json = Begin(context);
        context.RequestServices.GetRequiredService<PolicyTrial>().Write(json);
    }

    private static async Task Test(HttpContext context)
    {
        if (await Question(context) is not { } request)
        {
            await AdminProblem.Write(context, StatusCodes.Status400BadRequest, PolicyQuestion.Example);
            return;
        }

        await using var json = Begin(context);
        await context.RequestServices.GetRequiredService<PolicyTrial>().Write(json, request, context.RequestAborted);
    }

    private static async Task<PolicyRequest?> Question(HttpContext context)
    {
        var bytes = new byte[MostBytes + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
            return length > MostBytes ? null : PolicyQuestion.Read(bytes.AsMemory(0, length), context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    private static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return new Utf8JsonWriter(context.Response.BodyWriter);
    }
}
