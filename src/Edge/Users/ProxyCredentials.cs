using System.Text;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Users;

/// <summary>What a client says of who it is: Proxy-Authorization, RFC 9110 §11.7.2.</summary>
internal abstract record ProxyCredentials
{
    /// <summary>It says nothing.</summary>
    public static readonly ProxyCredentials None = new Nothing();

    /// <summary>Two fields, a scheme that is not known here, or one that is not as it should be.</summary>
    public static readonly ProxyCredentials Unreadable = new Nothing();

    // RFC 7617 §2 says UTF-8 where the challenge does; whoever cannot sends Latin-1.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ProxyCredentials()
    {
    }

    public static ProxyCredentials Read(StringValues fields) => fields.Count switch { 0 => None, 1 => Read(fields[0] ?? ""), _ => Unreadable };

    private static ProxyCredentials Read(string field)
    {
        var text = field.AsSpan().Trim(" \t");
        var space = text.IndexOf(' ');
        if (space < 0) return Unreadable;
        var scheme = text[..space];
        var token = text[space..].TrimStart(' ');
        if (token.IsEmpty) return Unreadable;
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return new Basic(token.ToString());
        return scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? new Bearer(token.ToString()) : Unreadable;
    }

    /// <param name="Token68">As it came: it names what is remembered, and is read only where nothing is.</param>
    public sealed record Basic(string Token68) : ProxyCredentials
    {
        /// <summary>RFC 7617 §2. Null if it is not what it should be.</summary>
        public static (string Name, string Password)? Decode(string token68)
        {
            Span<byte> bytes = new byte[token68.Length];
            if (token68.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(token68, bytes, out var length)) return null;
            var text = TextOf(bytes[..length]);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && UserName.IsOne(text[..colon]) && UserName.HasNoControls(text[colon..]) ? (text[..colon], text[(colon + 1)..]) : null;
        }

        /// <summary>The same as of this name and password.</summary>
        public static Basic Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password) => new(Convert.ToBase64String([.. name, (byte)':', .. password]));

        private static string TextOf(ReadOnlySpan<byte> bytes)
        {
            try
            {
                return Utf8.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                return Encoding.Latin1.GetString(bytes);
            }
        }

        public override string ToString() => nameof(Basic);
    }

    public sealed record Bearer(string Token) : ProxyCredentials
    {
        public override string ToString() => nameof(Bearer);
    }

    private sealed record Nothing : ProxyCredentials
    {
        public bool Equals(Nothing? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
