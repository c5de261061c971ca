using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Silo.Admin;

/// <summary>
/// Marks the connections of the admin listener. The mark is on the connection, so neither a port, a Host field nor a path that a client
/// of the proxy sends can lead to the admin endpoints.
/// </summary>
public static class AdminListener
{
    public static ListenOptions UseAdmin(this ListenOptions options)
    {
        options.Use(static next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        });
        return options;
    }

    public static bool IsOnAdminListener(this HttpContext context) => context.Features.Get<Mark>() is not null;

    /// <summary>For hosts without connections, such as tests.</summary>
    internal static void MarkAsAdmin(this HttpContext context) => context.Features.Set(Mark.Instance);

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
