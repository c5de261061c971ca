using Granary.Semantics;
using Granary.Semantics.Fields;
using Granary.Semantics.Freshness;
using Granary.Semantics.Messages;
using Granary.Semantics.Selection;

namespace Granary.Tests;

[Trait("Spec", "RFC 9111 §3.2"), Trait("Kind", "required")]
public sealed class StoredResponseTests
{
    private static StoredResponse Freshen(StoredResponse stored, RequestHead? validating, params ReadOnlySpan<string> lines) =>
        stored.Freshened(Given.Response(304, lines), Given.Now.AddSeconds(100), Given.Now.AddSeconds(101), FreshnessOptions.Default, validating);

    private static StoredResponse Freshen(StoredResponse stored, params ReadOnlySpan<string> lines) => Freshen(stored, null, lines);

    [Theory, Trait("Spec", "RFC 9110 §6.6.1")]
    [InlineData("X: y")]
    [InlineData("Date: foo")]
    public void Given_no_valid_date_then_the_time_of_receipt_is_recorded(string line) =>
        Assert.Equal(Given.At(0), Given.Stored(line).Head.Fields.Combined("Date"));

    [Fact]
    public void Given_a_valid_date_then_it_is_kept() =>
        Assert.Equal(Given.At(-7), Given.Stored($"Date: {Given.At(-7)}").Head.Fields.Combined("Date"));

    [Fact, Trait("Spec", "RFC 9111 §3.1")]
    public void Given_a_response_then_connection_fields_and_age_are_not_in_the_stored_head()
    {
        var stored = Given.Stored("Connection: a", "a: 1", "Keep-Alive: x", "Age: 10", "Cache-Control: private=\"u\", max-age=60", "u: me", "Set-Cookie: a=b");
        Assert.Equal(["Cache-Control", "Set-Cookie", "Date"], stored.Head.Fields.Select(line => line.Name));
        Assert.Equal(Given.Seconds(10), stored.InitialAge);
    }

    [Theory]
    [InlineData("Test-Header")]
    [InlineData("X-Content-Foo")]
    [InlineData("Content-Foo")]
    [InlineData("Content-Type")]
    [InlineData("Content-Location")]
    [InlineData("Content-MD5")]
    [InlineData("Content-Security-Policy")]
    [InlineData("Expires")]
    public void Given_a_field_in_the_304_then_it_replaces_all_stored_lines_of_its_name(string name) =>
        Assert.Equal("new", Freshen(Given.Stored($"{name}: old", $"{name}: older", "ETag: \"a\""), $"{name.ToLowerInvariant()}: new").Head.Fields.Combined(name));

    [Theory, Trait("Spec", "RFC 9111 §7.3")]
    [InlineData("ETag: \"a\"", "a=b")]
    [InlineData("Cache-Control: max-age=0, must-revalidate", "a=b")]
    [InlineData("Cache-Control: no-cache, max-age=60", "a=b")]
    [InlineData("Cache-Control: max-age=60", "a=c")]
    [InlineData("Cache-Control: public", "a=c")]
    public void Given_a_304_that_sets_a_cookie_then_it_reaches_others_only_if_meant_for_all(string line, string cookie) =>
        Assert.Equal(cookie, Freshen(Given.Stored("Set-Cookie: a=b", "ETag: \"a\""), line, "Set-Cookie: a=c").Head.Fields.Combined("Set-Cookie"));

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("Content-Encoding")]
    [InlineData("Content-Range")]
    public void Given_a_field_that_frames_the_stored_bytes_then_it_is_not_replaced(string name) =>
        Assert.Equal("old", Freshen(Given.Stored($"{name}: old", "ETag: \"a\""), $"{name}: new").Head.Fields.Combined(name));

    [Fact]
    public void Given_a_weak_tag_then_a_304_does_not_make_it_strong() =>
        Assert.Equal("W/\"a\"", Freshen(Given.Stored("ETag: W/\"a\""), "ETag: \"a\"").Head.Fields.Combined("ETag"));

    [Fact]
    public void Given_fields_of_the_connection_in_the_304_then_they_are_not_stored() =>
        Assert.Equal(["X", "ETag", "Date"], Freshen(Given.Stored("X: 1", "ETag: \"a\""),
            "Connection: Y", "Y: 2", "Age: 5", "Transfer-Encoding: chunked", "Proxy-Authenticate: z").Head.Fields.Select(line => line.Name).OrderBy(n => "XED".IndexOf(n[0], StringComparison.Ordinal)));

    [Fact, Trait("Spec", "RFC 9111 §4.3.4")]
    public void Given_a_304_without_freshness_then_the_stored_lifetime_starts_again()
    {
        var stored = Given.Stored("Cache-Control: max-age=60", "ETag: \"a\"", "Age: 50");
        var freshened = Freshen(stored, "ETag: \"a\"");
        Assert.Equal((Given.Seconds(60), Given.Seconds(1)), (freshened.Lifetime.Value, freshened.InitialAge));
        Assert.Equal(Given.At(101), freshened.Head.Fields.Combined("Date"));
        Assert.Equal(Given.Now.AddSeconds(101), freshened.ResponseTime);
    }

    [Fact, Trait("Spec", "RFC 9111 §4.3.4")]
    public void Given_a_304_with_freshness_then_it_replaces_the_stored() =>
        Assert.Equal(Given.Seconds(5), Freshen(Given.Stored("Cache-Control: max-age=60"), "Cache-Control: max-age=5").Lifetime.Value);

    [Theory]
    [InlineData("Cache-Control: no-store", false)]
    [InlineData("Cache-Control: private", false)]
    [InlineData("Vary: *", false)]
    [InlineData("Cache-Control: max-age=1", true)]
    public void Given_a_304_that_forbids_storing_then_the_response_may_not_be_kept(string line, bool kept) =>
        Assert.Equal(kept, Freshen(Given.Stored("Cache-Control: max-age=60"), line).MayBeKept);

    [Fact, Trait("Spec", "RFC 9111 §4.1")]
    public void Given_a_304_that_changes_vary_then_what_the_original_request_said_is_not_guessed()
    {
        var stored = Given.Stored(Given.Get("Foo: 1"), Given.Ok("Cache-Control: max-age=60", "Vary: Foo"));
        Assert.False(Selection.Matches(Given.Get("Foo: 1"), Freshen(stored, "Vary: Foo, Cookie")));
        var known = Freshen(stored, Given.Get("Foo: 1", "Cookie: me"), "Vary: Foo, Cookie");
        Assert.True(Selection.Matches(Given.Get("Foo: 1", "Cookie: me"), known));
        Assert.False(Selection.Matches(Given.Get("Foo: 1"), known));
        Assert.True(Selection.Matches(Given.Get("Foo: 1"), Freshen(stored, "Vary: foo")));
    }

    [Fact]
    public void Given_a_stored_response_when_restored_from_its_parts_then_it_says_the_same()
    {
        var stored = Given.Stored(Given.Get("Foo: 1, 2"), Given.Ok("Cache-Control: max-age=60", "Vary: Foo", "ETag: \"a\"", "Age: 3"));
        var restored = new StoredResponse(
            stored.TargetUri, stored.Method, stored.Nominated, stored.Head, stored.ResponseTime, stored.InitialAge, stored.Lifetime);
        Assert.True(Selection.SameVariant(stored, restored));
        Assert.Equal((stored.EntityTag, stored.Date, stored.Recency, stored.HasValidator),
            (restored.EntityTag, restored.Date, restored.Recency, restored.HasValidator));
    }

    [Fact, Trait("Kind", "check")]
    public void Given_many_fields_in_a_304_then_updating_takes_about_linear_time()
    {
        var lines = Enumerable.Range(0, 50_000).Select(i => new FieldLine($"X-{i}", "y")).ToArray();
        var stored = Given.Stored(Given.Get(), new ResponseHead(200, new([.. lines])));
        Assert.Equal(50_001, stored.Freshened(new(304, new([.. lines])), Given.Now, Given.Now, FreshnessOptions.Default).Head.Fields.Count);
    }
}

public sealed class QualifiedNoCacheTests
{
    [Fact, Trait("Spec", "RFC 9111 §5.2.2.4"), Trait("Kind", "optimal")]
    public void The_fields_of_a_qualified_no_cache_are_left_out_of_what_is_reused()
    {
        var stored = Given.Stored("Cache-Control: max-age=60, no-cache=\"a, SET-COOKIE\"", "A: 1", "B: 2", "Set-Cookie: c=d");
        Assert.False(stored.CacheControl.RequiresValidation);
        Assert.True(stored.CacheControl.ForbidsStale);
        Assert.Equal("1", stored.Head.Fields.First("a"));
        Assert.False(stored.ReusableHead.Fields.Has("a") || stored.ReusableHead.Fields.Has("Set-Cookie"));
        Assert.Equal("2", stored.ReusableHead.Fields.First("b"));
    }
}
