using System.Collections.Immutable;
using Granary.Semantics.Selection;

namespace Granary.Semantics.Codings;

/// <summary>What Accept-Encoding makes of the content codings that somebody could apply. RFC 9110 §12.5.3.</summary>
public static class AcceptedCodings
{
    private const string Identity = "identity";

    /// <param name="accepted">The field as combined; null where the request has none: then any coding would do, and none is applied.</param>
    /// <param name="offered">In the order of whoever applies them: of those that are liked as well as each other the first is taken.</param>
    /// <returns>Null: the content goes as it is.</returns>
    public static string? Choose(string? accepted, ImmutableArray<string> offered)
    {
        if (!Preferences.TryRead(accepted, areCodings: true, out var preferences)) return null;
        var (best, weight) = ((string?)null, 0);
        foreach (var coding in offered)
            if (preferences.WeightOf(coding) is var liking && liking > weight) (best, weight) = (coding, liking);
        return weight >= (preferences.WeightOfMember(Identity) ?? 0) ? best : null;
    }

    /// <summary>"identity;q=0", or "*;q=0" where identity is not named.</summary>
    public static bool ForbidIdentity(string? accepted) =>
        Preferences.TryRead(accepted, areCodings: true, out var preferences) && (preferences.WeightOfMember(Identity) ?? preferences.WeightOfMember("*")) == 0;
}
