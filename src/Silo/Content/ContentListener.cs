using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Silo.Content;

/// <summary>Marks the connections of the content port, as the admin listener marks its own: nothing else is reachable there, and nothing of it elsewhere.</summary>
internal static class ContentListener
{
    public static void UseContent(this ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http1;
        options.Use(static next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        });
    }

    public static bool IsOnContentPort(this HttpContext context) => context.Features.Get<Mark>() is not null;

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
