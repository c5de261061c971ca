using System.Text;

namespace Granary.Edge.Users;

/// <summary>What may be the name of a user, wherever it comes from: it goes into logs, rules and metrics of others.</summary>
internal static class UserName
{
    public const int Longest = 255;

    public static bool IsOne(string? name) => name is { Length: > 0 and <= Longest } && HasNoControls(name);

    /// <summary>RFC 7617 §2: neither names nor passwords have control characters.</summary>
    public static bool HasNoControls(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar) return false;
        return true;
    }
}
