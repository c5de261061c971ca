using System.Globalization;
using Granary.Edge.Access;
using Granary.Edge.Errors;
using Granary.Edge.Owners;
using Granary.Edge.Routing;
using Granary.Silo.Admin.Purging;

namespace Granary.Edge.Purging;

/// <summary>
/// <c>PURGE</c> on the proxy port, from permitted addresses: every stored response of the target URI is gone when the answer comes, and no fetch that
/// began before is stored (P2). With <c>Granary-Purge: soft</c> they are stale and not gone.
/// </summary>
internal sealed class PurgeRequests(ClientAccess access, IOwners owners, CacheKeys keys, ErrorAnswers errors, TimeProvider clock, RecentPurges? recent = null)
{
    private const string Purge = "PURGE";

    private const string How = "Granary-Purge";

    public static bool IsPurge(HttpContext context) => context.Request.Method.Equals(Purge, StringComparison.Ordinal);

    public async Task Answer(HttpContext context, IEnumerable<string> uris)
    {
        if (access.ToPurge(context.Connection.RemoteIpAddress) is { } refusal)
        {
            await errors.AnswerAsync(context, new ForwardError.ClientRefused(refusal));
            return;
        }

        string[] all = [.. uris.SelectMany(keys.Of)];
        if (all.Length == 0)
        {
            await errors.AnswerAsync(context, new ForwardError.BadRequest("The request target is not a valid URI of this proxy."));
            return;
        }

        var (began, isSoft) = (clock.GetTimestamp(), IsSoft(context));
        var done = await owners.Invalidate([.. all], isSoft);
        recent?.Note(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", "PURGE", PurgeOrders.Bounded(all[0]), isSoft, done is not null, done?.Hit, clock.GetElapsedTime(began));
        if (done is not { } purged)
        {
            await errors.AnswerAsync(context, ForwardError.ClusterAway); // never a false "done" (P2)
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"purged\":{purged.Hit}}}\n"), context.RequestAborted);
    }

    private static bool IsSoft(HttpContext context) => context.Request.Headers[How] is [var how] && string.Equals(how, "soft", StringComparison.OrdinalIgnoreCase);
}
