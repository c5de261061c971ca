using System.Text.RegularExpressions;

namespace Granary.Silo.Configuration.Reading;

/// <summary>Keeps out of messages what may be a secret, also under a misspelt name.</summary>
internal static partial class Secrets
{
    public const string Hidden = "(hidden)";
    private static readonly string[] Words = ["token", "password", "secret", "redis", "auth"];

    public static string? Hide(string name, string? value, string? meant = null)
    {
        if (value is null) return null;
        var isSecret = Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase) || meant?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
        return isSecret ? Hidden : UserInfo().Replace(value, $"//{Hidden}@");
    }

    [GeneratedRegex("//[^/]*@")]
    private static partial Regex UserInfo();
}
