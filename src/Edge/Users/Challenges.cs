using System.Collections.Immutable;
using Granary.Edge.Users.Bearer;
using Granary.Silo.Configuration;

namespace Granary.Edge.Users;

/// <summary>What a client is asked for: Proxy-Authenticate, RFC 9110 §11.7.1. The strongest first: clients take the first that they know.</summary>
internal static class Challenges
{
    /// <param name="isInvalid">A token came, and is not right: RFC 6750 §3.1.</param>
    public static ImmutableArray<string> Of(UserSettings settings, bool isInvalid)
    {
        var realm = settings.Realm.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var challenges = ImmutableArray.CreateBuilder<string>(2);
        if (BearerTokens.AreTaken(settings.Bearer)) challenges.Add($"Bearer realm=\"{realm}\"{(isInvalid ? ", error=\"invalid_token\"" : "")}");
        if (settings.File is not null || challenges.Count == 0) challenges.Add($"Basic realm=\"{realm}\", charset=\"UTF-8\"");
        return challenges.DrainToImmutable();
    }
}
