namespace Granary.Silo.Configuration.Values;

/// <summary>Where a TCP listener listens: <c>*:22</c>, <c>localhost:5432</c>, <c>[::1]:0</c>, or a range of ports, <c>10.0.0.1:50000-50099</c>.</summary>
/// <param name="First">The address with the first port.</param>
public sealed record TcpListen(ListenAddress First, PortRange Ports)
{
    public IEnumerable<ListenAddress> Addresses => Enumerable.Range(Ports.First, Ports.Count).Select(port => First with { Port = port });

    /// <summary>Both cannot be had at once.</summary>
    public bool CollidesWith(ListenAddress other) => other.Port >= Ports.First && other.Port <= Ports.Last && (First with { Port = other.Port }).CollidesWith(other);

    /// <inheritdoc cref="CollidesWith(ListenAddress)"/>
    public bool CollidesWith(TcpListen other) => CollidesWith(other.First) || other.CollidesWith(First);

    public static TcpListen? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || text.Contains('/', StringComparison.Ordinal) || PortRange.Parse(text[(colon + 1)..]) is not { } ports) return null;
        return ListenAddress.Parse($"http://{text[..colon]}:{ports.First}") is { } first ? new TcpListen(first, ports) : null;
    }

    public override string ToString() => $"{First.Host}:{Ports}";
}
