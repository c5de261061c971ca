using CsCheck;
using Granary.Semantics;
using Granary.Semantics.Selection;
using Granary.Semantics.Validation;

namespace Granary.Tests;

public sealed class NegotiationTests
{
    private static StoredResponse Stored(string requested, params string[] response) => Given.Stored(Given.Get(requested), Given.Ok(response));

    private static bool Encodings(string original, string presented, string? chosen) => Selection.Matches(
        Given.Get($"Accept-Encoding: {presented}"),
        Stored($"Accept-Encoding: {original}", chosen is null ? ["Vary: Accept-Encoding"] : ["Vary: Accept-Encoding", $"Content-Encoding: {chosen}"]));

    private static bool Languages(string original, string presented, string? chosen) => Selection.Matches(
        Given.Get($"Accept-Language: {presented}"),
        Stored($"Accept-Language: {original}", chosen is null ? ["Vary: Accept-Language"] : ["Vary: Accept-Language", $"Content-Language: {chosen}"]));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    [InlineData("gzip, br", "br,gzip")]
    [InlineData("gzip", "GZIP;q=1.0")]
    [InlineData("gzip", "x-gzip")]
    [InlineData("gzip;q=0.5", "gzip ; q=0.500")]
    [InlineData("gzip, gzip", "gzip")]
    [InlineData("", " ")]
    public void Values_that_mean_the_same_match(string original, string presented) => Assert.True(Encodings(original, presented, null));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    [InlineData("gzip", "br")]
    [InlineData("gzip, br", "gzip")]
    [InlineData("gzip", "identity")]
    [InlineData("gzip", "gzip;q=0.5")]
    [InlineData("gzip", "gzip;q=0")]
    [InlineData("gzip", "gzip;level=9")]
    [InlineData("gzip", "")]
    public void Values_that_mean_something_else_do_not_match_a_response_that_does_not_say_what_was_chosen(string original, string presented) =>
        Assert.False(Encodings(original, presented, null));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    [InlineData("gzip, br", "gzip", "gzip")]            // br was offered and not chosen
    [InlineData("gzip, br", "gzip, br;q=0.5", "gzip")]
    [InlineData("gzip", "gzip, br;q=0.5", "gzip")]      // gzip is liked better than whatever else there may be
    [InlineData("gzip, br, zstd", "zstd, gzip", "gzip")]
    [InlineData("gzip;q=0.5, br", "br, gzip;q=0.1", "br")]
    [InlineData("*", "br", "br")]
    [InlineData("x-gzip", "gzip, deflate;q=0", "x-gzip")]
    public void A_choice_of_coding_answers_whoever_could_get_nothing_better(string original, string presented, string chosen) =>
        Assert.True(Encodings(original, presented, chosen));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    [InlineData("gzip", "gzip, br", "gzip")]            // the origin was never asked for br
    [InlineData("gzip", "br", "gzip")]
    [InlineData("gzip", "*", "gzip")]
    [InlineData("gzip, br", "gzip;q=0.5, br", "gzip")]  // only a tie was offered
    [InlineData("gzip, br", "gzip;q=0", "gzip")]
    [InlineData("gzip, br", "gzip", "gzip, br")]        // coded twice
    [InlineData("br", "gzip", "gzip")]                  // the origin did not choose by what was offered
    [InlineData("gzip, br", "identity", "gzip")]
    public void A_choice_of_coding_does_not_answer_whoever_might_get_something_better(string original, string presented, string chosen) =>
        Assert.False(Encodings(original, presented, chosen));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    [InlineData("en, de", "de, en", null)]
    [InlineData("de-AT, de;q=0.9", "DE-at,de;q=0.90", null)]
    [InlineData("en, de", "de", "de")]
    [InlineData("de", "de, fr;q=0.5", "de-CH")]
    [InlineData("fr, en;q=0.8", "en, nl;q=0.2", "en")]
    public void Languages_match_by_meaning(string original, string presented, string? chosen) => Assert.True(Languages(original, presented, chosen));

    [Theory, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    [InlineData("en, de", "de", null)]
    [InlineData("en, de", "en", "de")]
    [InlineData("de", "fr, de", "de")]
    [InlineData("de", "de-AT, de;q=0.5", "de")]
    [InlineData("de", "den", "de")]
    [InlineData("en, de", "de", "de, en")]
    public void Languages_that_might_be_answered_better_do_not_match(string original, string presented, string? chosen) => Assert.False(Languages(original, presented, chosen));

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public void A_field_that_is_absent_matches_only_its_absence()
    {
        var stored = Given.Stored(Given.Get(), Given.Ok("Vary: Accept-Encoding", "Content-Encoding: gzip"));
        Assert.True(Selection.Matches(Given.Get(), stored));
        Assert.False(Selection.Matches(Given.Get("Accept-Encoding:"), stored));
        Assert.False(Selection.Matches(Given.Get(), Stored("Accept-Encoding: gzip", "Vary: Accept-Encoding", "Content-Encoding: gzip")));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "optimal")]
    public void Of_several_choices_that_hold_the_request_gets_the_one_it_likes_best()
    {
        StoredResponse[] stored =
        [
            Stored("Accept-Language: fr, en;q=0.1", "Vary: Accept-Language", "Content-Language: fr"),
            Stored("Accept-Language: de, fr;q=0.1", "Vary: Accept-Language", "Content-Language: de"),
        ];
        Assert.Equal(1, Selection.Select(Given.Get("Accept-Language: de, fr;q=0.5"), stored));
        Assert.Equal(0, Selection.Select(Given.Get("Accept-Language: fr, de;q=0.5"), stored));
        Assert.Equal(-1, Selection.Select(Given.Get("Accept-Language: nl"), stored));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public void Other_nominated_fields_still_have_to_be_the_same()
    {
        var stored = Given.Stored(Given.Get("Accept-Encoding: gzip, br", "X: 1"), Given.Ok("Vary: X, Accept-Encoding", "Content-Encoding: gzip"));
        Assert.True(Selection.Matches(Given.Get("Accept-Encoding: gzip", "X: 1"), stored));
        Assert.False(Selection.Matches(Given.Get("Accept-Encoding: gzip", "X: 2"), stored));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.1"), Trait("Kind", "required")]
    public void A_response_never_answers_a_request_that_does_not_accept_its_coding()
    {
        var member = Gen.Select(Given.OneOf("gzip", "br", "zstd", "*", "identity", "x-gzip"), Given.OneOf("", ";q=0", ";q=0.5", ";q=1"), (name, q) => name + q);
        var list = member.Array[1, 4].Select(members => string.Join(", ", members));
        // Only where the original request said exactly the same may the origin have chosen what both refuse.
        Gen.Select(list, list, Given.OneOf("gzip", "br")).Where(given => given.Item2.Split(", ").Any(m => m == $"{given.Item3};q=0"))
            .Sample(given => !Encodings(given.Item1, given.Item2, given.Item3) || Encodings(given.Item1, given.Item2, null));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.1"), Trait("Kind", "optimal")]
    public void Other_variants_are_offered_where_a_304_would_say_which_it_means()
    {
        StoredResponse[] stored =
        [
            Stored("X: 1", "Vary: X", "ETag: \"1\""), Stored("X: 2", "Vary: X", "ETag: \"2\""), Stored("X: 3", "Vary: X", "ETag: W/\"3\""),
            Stored("X: 4", "Vary: X", "ETag: \"4\""), Stored("X: 5", "Vary: X", "ETag: \"4\""), Stored("X: 6", "Vary: X", "Last-Modified: " + Given.At(-9)),
            Stored("X: 7", "Vary: X", "ETag: \"7\"", "Content-Encoding: gzip"),
        ];
        Assert.Equal([0, 1], Offering.Others(Given.Get("X: 8"), stored, -1));
        Assert.Equal([1], Offering.Others(Given.Get("X: 1"), stored, 0));
        Assert.Equal([0, 1, 6], Offering.Others(Given.Get("Accept-Encoding: gzip"), stored, -1));
        Assert.Equal([], Offering.Others(Given.Get("X: 6"), stored, 5));
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4"), Trait("Kind", "required")]
    public void A_response_that_a_304_selected_for_another_variant_answers_both_from_then_on()
    {
        var stored = Stored("X: 1", "Vary: X", "ETag: \"1\"", "Cache-Control: max-age=60");
        var also = stored.Freshened(Given.Response(304, "ETag: \"1\""), Given.Now, Given.Now, new(), Given.Get("X: 2"));
        Assert.True(Selection.Matches(Given.Get("X: 1"), also));
        Assert.True(Selection.Matches(Given.Get("X: 2"), also));
        Assert.False(Selection.Matches(Given.Get("X: 3"), also));
        for (var i = 10; i < 40; i++) also = also.Freshened(Given.Response(304), Given.Now, Given.Now, new(), Given.Get($"X: {i}"));
        Assert.InRange(also.AlsoNominated.Length, 1, 16);
    }
}

public sealed class NegotiationPropertyTests
{
    private static readonly Gen<string> Anything = Gen.Char[" ,;=*q01.-gzipbrdeEN\t\"\u00e9"].Array[0, 40].Select(chars => new string(chars).Trim());

    private static bool Matches(string field, string original, string presented, string chosen) => Selection.Matches(
        Given.Get($"{field}: {presented}"),
        Given.Stored(Given.Get($"{field}: {original}"), Given.Ok($"Vary: {field}", $"Content-Encoding: {chosen}", $"Content-Language: {chosen}")));

    [Fact]
    public void Whatever_is_written_a_request_matches_its_own_response_and_reading_never_fails() =>
        Gen.Select(Given.OneOf("Accept-Encoding", "Accept-Language"), Anything, Anything, Given.OneOf("gzip", "de", "de-AT", "x")).Sample((field, a, b, chosen) =>
        {
            Matches(field, a, b, chosen);
            return Matches(field, a, a, chosen) && Matches(field, b, b, chosen);
        });

    [Fact]
    public void Matching_by_a_response_that_says_nothing_goes_both_ways() => Gen.Select(Anything, Anything).Sample((a, b) =>
        Matches("Accept-Encoding", a, b, "a b") == Matches("Accept-Encoding", b, a, "a b"));
}
