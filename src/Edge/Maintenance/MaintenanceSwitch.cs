using System.Text.Json;
using Granary.Silo.Admin;

namespace Granary.Edge.Maintenance;

/// <summary><c>GET /maintenance</c>, <c>POST /maintenance</c> with <c>{"on": true|false|null}</c>: null is as the setting says. It holds for this process until it ends.</summary>
internal static class MaintenanceSwitch
{
    private const int MostBytes = 1024;

    public static readonly AdminRoute[] Routes = [new("GET", "/maintenance", Show), new("POST", "/maintenance", Turn)];

    private static Task Show(HttpContext context) => Write(context, context.RequestServices.GetRequiredService<MaintenanceMode>());

    private static async Task Turn(HttpContext context)
    {
        var (on, isRead) = await Read(context);
        if (!isRead)
        {
            await AdminProblem.Write(context, StatusCodes.Status400BadRequest, "Write {\"on\": true}, {\"on\": false}, or {\"on\": null} for what Granary:Maintenance:On says.");
            return;
        }

        var mode = context.RequestServices.GetRequiredService<MaintenanceMode>();
        mode.Switched = on;
        context.RequestServices.GetRequiredService<ILogger<MaintenanceMode>>().MaintenanceSwitched(mode.IsOn);
        await Write(context, mode);
    }

    private static async Task<(bool? On, bool IsRead)> Read(HttpContext context)
    {
        var bytes = new byte[MostBytes + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
            if (length > MostBytes) return default;
            using var json = JsonDocument.Parse(bytes.AsMemory(0, length));
            return json.RootElement is { ValueKind: JsonValueKind.Object } order && order.EnumerateObject().Count() == 1 && order.TryGetProperty("on", out var on)
                && on.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
                ? (on.ValueKind is JsonValueKind.Null ? null : on.GetBoolean(), true)
                : default;
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException or IOException)
        {
            return default;
        }
    }

    private static async Task Write(HttpContext context, MaintenanceMode mode)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync($"{{\"on\":{(mode.IsOn ? "true" : "false")},\"switched\":{(mode.Switched is null ? "false" : "true")}}}\n", context.RequestAborted);
    }
}
