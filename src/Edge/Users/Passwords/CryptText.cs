namespace Granary.Edge.Users.Passwords;

/// <summary>The base 64 of crypt(3): its own alphabet, and the lowest six bits first.</summary>
internal static class CryptText
{
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static bool IsText(string text) => text.All(static c => c is '.' or '/' || char.IsAsciiLetterOrDigit(c));

    /// <summary>Writes three bytes, the first one highest, in so many characters, and says what is left to write to.</summary>
    public static Span<char> Write(Span<char> text, byte high, byte middle, byte low, int characters = 4)
    {
        var bits = high << 16 | middle << 8 | low;
        for (var i = 0; i < characters; i++, bits >>= 6) text[i] = Alphabet[bits & 63];
        return text[characters..];
    }
}
