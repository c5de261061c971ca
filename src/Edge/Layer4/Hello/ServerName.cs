using System.Text;

namespace Granary.Edge.Layer4.Hello;

/// <summary>Finds the server name in the content of a ClientHello (RFC 8446 §4.1.2, RFC 6066 §3). Every length has to fit into what it is in, to the byte.</summary>
internal static class ServerName
{
    public static HelloReading Find(ReadOnlySpan<byte> hello)
    {
        var rest = new Fields(hello);
        if (!rest.Take(2, out var version) || version[0] != 3 || !rest.Take(32, out _)   // legacy_version, random
            || !rest.Vector(1, out var session) || session.Length > 32
            || !rest.Vector(2, out var suites) || suites.Length < 2 || suites.Length % 2 != 0
            || !rest.Vector(1, out var compressions) || compressions.IsEmpty)
            return Refused(HelloFault.Malformed);
        if (rest.IsAtEnd) return Refused(HelloFault.NoName);
        return rest.Vector(2, out var extensions) && rest.IsAtEnd ? AmongExtensions(extensions) : Refused(HelloFault.Malformed);
    }

    private static HelloReading AmongExtensions(ReadOnlySpan<byte> extensions)
    {
        var rest = new Fields(extensions);
        HelloReading? named = null;
        while (!rest.IsAtEnd)
        {
            if (!rest.Take(2, out var type) || !rest.Vector(2, out var data)) return Refused(HelloFault.Malformed);
            if (type is not [0, 0]) continue;
            if (named is not null) return Refused(HelloFault.Malformed); // §4.2: each extension once
            named = InList(data);
        }

        return named ?? Refused(HelloFault.NoName);
    }

    // One name of each type, and host_name(0) is the only type there is.
    private static HelloReading InList(ReadOnlySpan<byte> data)
    {
        var outer = new Fields(data);
        if (!outer.Vector(2, out var list) || !outer.IsAtEnd) return Refused(HelloFault.Malformed);
        var rest = new Fields(list);
        return rest.Take(1, out var type) && type[0] == 0 && rest.Vector(2, out var name) && rest.IsAtEnd && IsName(name)
            ? new HelloReading.Named(Encoding.ASCII.GetString(name).ToLowerInvariant())
            : Refused(HelloFault.Malformed);
    }

    // A-labels without a dot at the end; an address is no name, and its last label would be a number.
    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 253) return false;
        var last = default(ReadOnlySpan<byte>);
        foreach (var part in name.Split((byte)'.'))
        {
            last = name[part];
            if (last.Length is 0 or > 63) return false;
            foreach (var b in last)
                if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_')) return false;
        }

        return last.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static HelloReading.Refused Refused(HelloFault why) => new(why);

    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool Take(int length, out ReadOnlySpan<byte> taken)
        {
            taken = default;
            if (_rest.Length < length) return false;
            taken = _rest[..length];
            _rest = _rest[length..];
            return true;
        }

        /// <summary>What follows a length of one or two bytes.</summary>
        public bool Vector(int lengthBytes, out ReadOnlySpan<byte> taken)
        {
            taken = default;
            return Take(lengthBytes, out var length) && Take(lengthBytes == 1 ? length[0] : length[0] << 8 | length[1], out taken);
        }
    }
}
