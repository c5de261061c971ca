using System.Buffers;

namespace Granary.Semantics.Framing;

/// <summary>The byte classes of RFC 9110 §5 and RFC 9112, ready for vectorised search.</summary>
internal static class FramingBytes
{
    public const byte CR = (byte)'\r';
    public const byte LF = (byte)'\n';
    public const byte SP = (byte)' ';
    public const byte HTAB = (byte)'\t';

    /// <summary>tchar, RFC 9110 §5.6.2.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Bytes that end or spoil a field value: all controls but HTAB. Bytes from 0x80 are obs-text, RFC 9110 §5.5.</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(Where(b => (b < 0x20 && b != HTAB) || b == 0x7F));

    /// <summary>Visible ASCII without '#': a request target has no fragment, RFC 9112 §3.2.</summary>
    public static readonly SearchValues<byte> Target = SearchValues.Create(Where(b => b is > 0x20 and < 0x7F && b != '#'));

    /// <summary>reg-name of RFC 3986 §3.2.2 without ',': a recipient that joins repeated fields must not take it for two hosts.</summary>
    public static readonly SearchValues<byte> RegName =
        SearchValues.Create("!$&'()*+;=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static bool IsBlank(byte b) => b is SP or HTAB;

    /// <summary>What a control byte in the wrong place is called.</summary>
    public static FramingViolation Name(byte control, FramingViolation otherwise) => control switch
    {
        LF => FramingViolation.LoneLineFeed,
        0 => FramingViolation.NulInField,
        _ => otherwise,
    };

    private static byte[] Where(Func<byte, bool> holds) =>
        [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(holds)];
}
