using System.Net;
using System.Net.Sockets;
using Granary.Semantics.Fields;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Access;

/// <summary>What proxies have written of the hops before them, the nearest last. Read as it comes: what is no address is none.</summary>
internal sealed class ToldHops
{
    private readonly List<string> _addresses = [];
    private readonly List<string?> _schemes = [];

    private ToldHops()
    {
    }

    public int Count => _addresses.Count;

    public IPAddress? AddressOf(int hop) => Address(_addresses[hop]);

    /// <summary>Null where it is not said, or not one of ours.</summary>
    public string? SchemeOf(int hop)
    {
        // Counted from the right: a proxy may have written over what others said before it.
        var at = Math.Max(0, _schemes.Count - (_addresses.Count - hop));
        var scheme = at < _schemes.Count ? _schemes[at] : null;
        return "http".Equals(scheme, StringComparison.OrdinalIgnoreCase) ? "http" : "https".Equals(scheme, StringComparison.OrdinalIgnoreCase) ? "https" : null;
    }

    public static ToldHops OfXForwarded(IHeaderDictionary fields)
    {
        var hops = new ToldHops();
        foreach (var member in new ListMembers(Lines("X-Forwarded-For", fields["X-Forwarded-For"]), "X-Forwarded-For")) hops._addresses.Add(member.ToString());
        foreach (var member in new ListMembers(Lines("X-Forwarded-Proto", fields["X-Forwarded-Proto"]), "X-Forwarded-Proto")) hops._schemes.Add(member.ToString());
        return hops;
    }

    /// <summary>RFC 7239 §4.</summary>
    public static ToldHops OfForwarded(IHeaderDictionary fields)
    {
        var hops = new ToldHops();
        foreach (var element in new ListMembers(Lines(FieldNames.Forwarded, fields["Forwarded"]), FieldNames.Forwarded))
        {
            hops._addresses.Add(Parameter(element, "for") ?? "");
            hops._schemes.Add(Parameter(element, "proto"));
        }

        return hops;
    }

    /// <summary>RFC 7239 §6, and as X-Forwarded-For has it: an address, in brackets if there is a port behind IPv6; a port is left out.</summary>
    internal static IPAddress? Address(ReadOnlySpan<char> node)
    {
        if (node is ['[', ..])
            return node.IndexOf(']') is > 1 and var close && IsPort(node[(close + 1)..]) ? V6(node[1..close]) : null;
        if (node.Count(':') > 1) return V6(node);
        var end = node.IndexOf(':') is >= 0 and var colon ? colon : node.Length;
        return IsPort(node[end..]) ? V4(node[..end]) : null;
    }

    // No zone: it would be one of this machine. No names of it are wanted from others.
    private static IPAddress? V6(ReadOnlySpan<char> text)
    {
        if (text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out var address) || address.AddressFamily is not AddressFamily.InterNetworkV6) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    // IPAddress.TryParse takes "1", octal and hexadecimal as well, which others read as another address.
    private static IPAddress? V4(ReadOnlySpan<char> text)
    {
        var part = 0;
        foreach (var range in text.Split('.'))
            if (text[range] is not { Length: > 0 and <= 3 } number || number.ContainsAnyExceptInRange('0', '9') || (number.Length > 1 && number[0] == '0') || ++part > 4) return null;
        return part == 4 && IPAddress.TryParse(text, out var address) ? address : null;
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text.IsEmpty || (text is [':', _, ..] && text.Length <= 6 && !text[1..].ContainsAnyExceptInRange('0', '9'));

    private static string? Parameter(ReadOnlySpan<char> element, string name)
    {
        while (!element.IsEmpty)
        {
            var end = PairLength(element);
            var pair = element[..end];
            element = end < element.Length ? element[(end + 1)..] : default;
            var equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase)) return Unquoted(pair[(equals + 1)..].Trim(" \t"));
        }

        return null;
    }

    private static int PairLength(ReadOnlySpan<char> element)
    {
        var quoted = false;
        for (var i = 0; i < element.Length; i++)
        {
            if (element[i] == '"') quoted = !quoted;
            else if (element[i] == ';' && !quoted) return i;
        }

        return element.Length;
    }

    // No address has an escape in it: with one it is none.
    private static string Unquoted(ReadOnlySpan<char> value) => (value is ['"', .., '"'] ? value[1..^1] : value).ToString();

    private static FieldLines Lines(string name, StringValues values) => new([.. values.Select(value => new FieldLine(name, value ?? ""))]);
}
