namespace Granary.Edge.Users.Passwords;

/// <summary>The hash of a password, as a line of a file has it. What it takes to verify one is bounded by what may stand there.</summary>
internal abstract record PasswordHash
{
    /// <summary>Longer passwords are nobody's: some formats hash one some thousand times.</summary>
    public const int LongestPassword = 256;

    /// <summary>In the order in which they are looked for; what no format knows is not taken for a password in the clear.</summary>
    private static readonly Func<string, PasswordHash?>[] Formats = [Bcrypt.Parse, ShaCrypt.Parse, Apr1.Parse, Sha1.Parse];

    /// <summary>Null if it is of no format that is taken.</summary>
    public static PasswordHash? Parse(string text) => Formats.Select(parse => parse(text)).FirstOrDefault(static hash => hash is not null);

    /// <param name="password">UTF-8; at most <see cref="LongestPassword"/>.</param>
    public abstract bool IsOf(ReadOnlySpan<byte> password);

    // A record would write its hash.
    public sealed override string ToString() => GetType().Name;
}
