using System.Buffers;
using System.Globalization;
using System.Net;
using Granary.Grains.Origin.Addresses;

namespace Granary.Grains.Egress.Parents;

/// <summary>
/// A host as it is handed to a parent, which resolves it. Addresses cannot be judged then, but what a resolver would take for one can, and so can names that mean the machine itself (RFC 6761 §6.3).
/// </summary>
internal static class NamesForOthers
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>An address in whatever spelling; else null.</summary>
    public static IPAddress? Literal(string host) => IPAddress.TryParse(host.TrimEnd('.'), out var literal) ? literal : null;

    /// <param name="policy">Null: the host may be anything.</param>
    /// <exception cref="OriginConnectException">Nobody may be asked for that.</exception>
    public static string Of(string host, DestinationPolicy? policy)
    {
        var name = host.TrimEnd('.');
        if (!System.Text.Ascii.IsValid(name)) name = ALabels(name);
        if (name.Length is 0 or > 253 || name.AsSpan().ContainsAnyExcept(Allowed)) throw new OriginConnectException(ConnectFault.NameNotResolved);
        if (policy?.Check(IPAddress.Loopback) is { } refusal && IsThisMachine(name)) throw new OriginConnectException(ConnectFault.DestinationRefused, refusal: refusal);
        // inet_aton of another system may read more as numbers than ours does.
        if (policy is not null && EndsInNumber(name)) throw new OriginConnectException(ConnectFault.NameNotResolved);
        return name;
    }

    private static bool IsThisMachine(string name) => name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool EndsInNumber(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return last.Length == 0 || last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last.AsSpan(2).IndexOfAnyExcept(SearchValues.Create("0123456789abcdefABCDEF")) < 0);
    }

    private static string ALabels(string name)
    {
        try
        {
            return Idn.GetAscii(name.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
