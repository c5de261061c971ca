using CsCheck;
using Granary.Semantics.Codings;

namespace Granary.Semantics.Tests.Codings;

public sealed class AcceptedCodingsTests
{
    [Theory, Trait("Spec", "RFC 9110 §12.5.3"), Trait("Kind", "required")]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("gzip", false)]
    [InlineData("*;q=0", true)]
    [InlineData("*;q=0, identity", false)]
    [InlineData("identity;q=0", true)]
    [InlineData("identity;q=0.000", true)]
    [InlineData("*, identity;q=0", true)]
    [InlineData("nonsense;", false)]
    public void Identity_is_forbidden_only_where_the_text_says_so(string? accepted, bool isForbidden) => Assert.Equal(isForbidden, AcceptedCodings.ForbidIdentity(accepted));

    [Fact, Trait("Spec", "RFC 9110 §12.5.3"), Trait("Kind", "required")]
    public void Nothing_is_chosen_that_a_client_has_refused_or_not_named() =>
        Gen.Select(OneOf("gzip", "br", "*", "identity", "x-gzip", "deflate"), OneOf("", ";q=0", ";q=0.0", ";q=0.3", ";q=1")).Array[0, 5].Sample(members =>
        {
            var chosen = AcceptedCodings.Choose(string.Join(", ", members.Select(static member => member.Item1 + member.Item2)), ["br", "gzip"]);
            if (chosen is null) return;
            Assert.Contains(members, member => (member.Item1 is "*" || member.Item1.EndsWith(chosen, StringComparison.Ordinal)) && !member.Item2.StartsWith(";q=0.0", StringComparison.Ordinal) && member.Item2 != ";q=0");
            Assert.DoesNotContain(members, member => member.Item1 == chosen && member.Item2 is ";q=0" or ";q=0.0");
        });

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
