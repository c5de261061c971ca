using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Granary.Edge.Access;
using Granary.Semantics.Fields;
using Granary.Silo.Configuration;

namespace Granary.Edge.Presenting;

/// <summary>
/// The fields that tell an origin of the client: X-Forwarded-*, Forwarded (RFC 7239). Strangers are not believed: what they sent in these, and in others that frameworks take such news from,
/// is dropped. What a trusted proxy said stays in front of ours only where the setting appends.
/// </summary>
internal sealed class ForwardingFields(Func<ForwardingSettings> settings)
{
    // What frameworks believe about the request target or the client if a proxy says it. The key knows nothing of these, so a stranger who could
    // send them would decide what others are answered.
    private static readonly FrozenSet<string> OnlyFromProxies = FrozenSet.ToFrozenSet(
        ["Client-Cert", "Client-Cert-Chain", "Forwarded", "Front-End-Https", "X-Forwarded", "X-Forwarder-For", "X-Host", "X-Original-Host", "X-Original-URL", "X-Real-IP", "X-Rewrite-URL", "X-Url-Scheme"],
        StringComparer.OrdinalIgnoreCase);

    public static bool IsOnlyFromProxies(string name) => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || OnlyFromProxies.Contains(name);

    public static FieldLines Without(FieldLines fields)
    {
        foreach (var line in fields)
            if (IsOnlyFromProxies(line.Name)) return fields.Where(static each => !IsOnlyFromProxies(each.Name));
        return fields;
    }

    public FieldLines Write(FieldLines received, HttpContext context, string authority)
    {
        var (policy, told, fields) = (settings(), context.Features.Get<ToldClient>(), Without(received));
        if (policy.XForwarded is not ForwardedWriting.Remove)
        {
            if (For(policy, told, received, context) is { } client) fields = fields.Add("X-Forwarded-For", client);
            fields = fields.Add("X-Forwarded-Proto", context.Request.Scheme).Add("X-Forwarded-Host", authority);
        }

        return policy.Forwarded is ForwardedWriting.Remove ? fields : fields.Add(FieldNames.Forwarded, Forwarded(policy, told, received, context, authority));
    }

    private static string? For(ForwardingSettings policy, ToldClient? told, FieldLines received, HttpContext context)
    {
        if (policy.XForwarded is ForwardedWriting.Append && told is { Field: TrustedField.XForwarded } && received.Combined("X-Forwarded-For") is { Length: > 0 } others)
            return $"{others}, {Plain(told.Peer)}";
        return context.Connection.RemoteIpAddress is { } client ? Plain(client).ToString() : null;
    }

    private static string Forwarded(ForwardingSettings policy, ToldClient? told, FieldLines received, HttpContext context, string authority)
    {
        if (policy.Forwarded is ForwardedWriting.Append && told is { Field: TrustedField.Forwarded } && received.Combined(FieldNames.Forwarded) is { Length: > 0 } others)
            return $"{others}, {Element(told.Peer, told.Scheme, authority)}";
        return Element(context.Connection.RemoteIpAddress, context.Request.Scheme, authority);
    }

    // §4, §6: what has a colon in it is no token and has to be quoted. An authority has no character that would need an escape.
    private static string Element(IPAddress? client, string scheme, string authority)
    {
        var node = client is null ? "unknown" : Plain(client) is { AddressFamily: AddressFamily.InterNetworkV6 } v6 ? $"\"[{v6}]\"" : $"{Plain(client)}";
        return $"for={node};proto={scheme};host={(authority.AsSpan().ContainsAny(":[") ? $"\"{authority}\"" : authority)}";
    }

    // Without a zone: it says something of this machine only.
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
    }
}
