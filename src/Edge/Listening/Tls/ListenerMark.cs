using Granary.Silo.Configuration.Values;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Listening.Tls;

/// <summary>By which listener a connection has come: rules may hold for one of them.</summary>
internal sealed record ListenerMark(ListenAddress Listener)
{
    public static void PutOn(ListenOptions options, ListenAddress listener)
    {
        var mark = new ListenerMark(listener);
        options.Use(next => connection =>
        {
            connection.Features.Set(mark);
            return next(connection);
        });
    }
}
