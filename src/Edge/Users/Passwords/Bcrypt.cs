using System.Globalization;
using System.Text;

namespace Granary.Edge.Users.Passwords;

/// <summary>bcrypt by the library for it: <c>$2y$</c> of htpasswd, <c>$2a$</c> and <c>$2b$</c> of others. Of a password 72 bytes count.</summary>
internal sealed record Bcrypt : PasswordHash
{
    // htpasswd writes up to 17, which is seconds.
    private const int LeastCost = 4, MostCost = 17, Length = 60;

    private readonly string _text;

    private Bcrypt(string text) => _text = text;

    public static new PasswordHash? Parse(string text) =>
        text is ['$', '2', 'a' or 'b' or 'y', '$', _, _, '$', ..] && text.Length == Length && CryptText.IsText(text[7..])
            && int.TryParse(text.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost is >= LeastCost and <= MostCost
            ? new Bcrypt(text)
            : null;

    // The library lets no more than 72 bytes count, as all do.
    public override bool IsOf(ReadOnlySpan<byte> password) => BCrypt.Net.BCrypt.Verify(Encoding.UTF8.GetString(password), _text);
}
