using System.Net;
using System.Security.Cryptography;
using System.Text;
using Granary.Silo.Configuration;

namespace Granary.Silo.Admin;

/// <summary>Who may use the admin endpoints. Settings are asked with each request, so that a changed token holds at once.</summary>
public sealed class AdminAccess(Func<AdminSettings> settings)
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// (1) No page from another origin  (2) With a token configured: that token  (3) Without: only over loopback, and under a name of loopback.
    /// </summary>
    internal AdminRefusal? Check(HttpContext context)
    {
        var request = context.Request;
        if (IsCrossOrigin(request)) return AdminRefusal.CrossOrigin;                                // (1)
        if (settings().Token is { } token) return CheckToken(request.Headers.Authorization, token);  // (2)
        if (context.Connection.LocalIpAddress is not { } local || !IsLoopback(local)) return AdminRefusal.Unprotected;   // (3)
        return IsLoopbackName(request.Host.Host) ? null : AdminRefusal.HostNotLoopback;
    }

    private static bool IsCrossOrigin(HttpRequest request)
    {
        if (request.Headers.Origin is [var origin, ..])
            return !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return request.Headers["Sec-Fetch-Site"] is [var site, ..] && site is "cross-site" or "same-site";
    }

    private static AdminRefusal? CheckToken(string? authorization, string token)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return AdminRefusal.TokenMissing;
        return CryptographicOperations.FixedTimeEquals(Digest(authorization.AsSpan(Scheme.Length).Trim()), Digest(token)) ? null : AdminRefusal.TokenWrong;
    }

    // Digests have one length, so not even the length of the token shows in the time taken.
    private static byte[] Digest(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return SHA256.HashData(bytes);
    }

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host is "127.0.0.1" or "[::1]";
}
