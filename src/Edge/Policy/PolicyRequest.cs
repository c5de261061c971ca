using System.Net;
using Granary.Edge.Users;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.Policy;

/// <summary>What a client asks for, as rules see it.</summary>
internal sealed class PolicyRequest
{
    private string? _lax;

    public required IPAddress? From { get; init; }

    /// <summary>Null: not known.</summary>
    public required ClientIdentity? User { get; init; }

    public required PolicyWay Way { get; init; }

    /// <summary>Null: it has none.</summary>
    public string? Method { get; init; }

    /// <summary>In the form of <see cref="HostName"/>; null: it cannot be read.</summary>
    public required string? Host { get; init; }

    /// <summary>As it was written: that is what is resolved.</summary>
    public required string Asked { get; init; }

    public bool IsAddress { get; init; }

    public required int Port { get; init; }

    /// <summary>http or https; null for a tunnel.</summary>
    public string? Scheme { get; init; }

    /// <summary>As in the target URI; null for a tunnel.</summary>
    public string? PathAndQuery { get; init; }

    /// <summary>As the laxest origin may read it.</summary>
    public string LaxPathAndQuery => _lax ??= PathForms.Lax(PathAndQuery!);

    public required DateTimeOffset Now { get; init; }

    /// <summary>Those of the host; null while nobody has resolved it.</summary>
    public IPAddress[]? Addresses { get; set; }

    public static PolicyRequest OfTunnel(IPAddress? from, ClientIdentity? user, PolicyWay way, string host, int port, DateTimeOffset now)
    {
        // What a resolver makes of other letters, nobody says (RFC 5891 §4 has clients convert them).
        var (name, isAddress) = System.Text.Ascii.IsValid(host) ? (HostName.Normal(host, out var isOne), isOne) : (null, false);
        return new() { From = from, User = user, Way = way, Method = way is PolicyWay.Connect ? "CONNECT" : null, Host = name, Asked = host, IsAddress = isAddress, Port = port, Now = now };
    }

    /// <param name="uri">The normalised target URI.</param>
    /// <param name="way">In a tunnel, that by which it was opened.</param>
    public static PolicyRequest OfUri(IPAddress? from, ClientIdentity? user, string method, string uri, DateTimeOffset now, PolicyWay way = PolicyWay.Http)
    {
        var isSecure = uri.StartsWith("https:", StringComparison.Ordinal);
        var start = isSecure ? 8 : 7;
        var end = uri.IndexOf('/', start);
        var port = uri.LastIndexOf(':', end - 1) is var colon && colon > uri.LastIndexOf(']', end - 1) && colon >= start ? colon : end;
        var asked = uri[start..port];
        return new()
        {
            From = from,
            User = user,
            Way = way,
            Method = method,
            Host = HostName.Normal(asked, out var isAddress),
            Asked = asked,
            IsAddress = isAddress,
            Port = port < end ? int.Parse(uri.AsSpan(port + 1, end - port - 1), System.Globalization.CultureInfo.InvariantCulture) : isSecure ? 443 : 80,
            Scheme = isSecure ? "https" : "http",
            PathAndQuery = uri[end..],
            Now = now,
        };
    }
}
