using System.Buffers;
using System.Globalization;
using System.Net;

namespace Granary.Silo.Configuration.Values;

/// <summary>The one form of a host that compares: lower case, A-labels (RFC 5890), no dot at the end; an address as connecting reads it, IPv6 without brackets, mapped IPv4 as IPv4.</summary>
public static class HostName
{
    private const int Most = 253;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");

    /// <summary>Null if nobody can be meant by it.</summary>
    public static string? Normal(string host, out bool isAddress)
    {
        var name = host is ['[', .., ']'] ? host[1..^1] : host.TrimEnd('.');
        isAddress = false;
        if (!name.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(name, out var address)) // a zone is one of this machine
        {
            isAddress = true;
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        if (!System.Text.Ascii.IsValid(name)) name = ALabels(name);
        return name is { Length: > 0 and <= Most } && name.AsSpan().IndexOfAnyExcept(Allowed) < 0 ? name.ToLowerInvariant() : null;
    }

    private static string? ALabels(string name)
    {
        try
        {
            return Idn.GetAscii(name.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
