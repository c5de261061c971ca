using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Silo.Content;

/// <summary>Where others read the content of this silo.</summary>
public sealed class ContentEndpoint(IPAddress advertised, SiloKey key)
{
    private ListenOptions? _listener;
    private string? _current;

    /// <summary><c>10.0.0.5:30001/key</c>, for content addresses; null while a free port is still to be picked. Not for logs: it opens the port.</summary>
    public string? Current => _current ??= _listener?.IPEndPoint is { Port: > 0 } bound ? $"{new IPEndPoint(advertised, bound.Port)}/{key.Reveal()}" : null;

    /// <summary>Kestrel writes the port into the options of the listener when it binds it.</summary>
    internal void ListensBy(ListenOptions listener) => _listener = listener;
}
