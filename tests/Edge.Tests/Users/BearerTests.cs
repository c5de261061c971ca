using System.Text;
using Granary.Edge.Users;
using Granary.Edge.Users.Bearer;
using Granary.Language;
using Granary.Silo.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;

namespace Granary.Edge.Tests.Users;

[Trait("Spec", "RFC 7519 §7.2"), Trait("Kind", "required")]
public sealed class BearerTests : IDisposable
{
    private const string Us = "https://login.example.com";

    private readonly KnownUsers _files = new();
    private readonly Signer _signer = new();
    private readonly Clock _clock = new();
    private readonly Turns _turns = new(2);

    public void Dispose()
    {
        _files.Dispose();
        _signer.Dispose();
        _turns.Dispose();
    }

    [Fact]
    public async Task A_token_that_is_signed_for_here_says_who_it_is_and_of_which_groups()
    {
        using var tokens = FromFile();
        var verdict = Assert.IsType<Verdict.Right>(await tokens.Verify(_signer.Signs(_clock, Us)));
        Assert.Equal("alice", verdict.Who.Name);
        Assert.Equal(["staff", "admins"], verdict.Who.Groups.AsEnumerable());
    }

    [Fact]
    public async Task One_group_may_stand_alone_and_none_may_be_there()
    {
        using var tokens = FromFile("--Granary:Users:Bearer:GroupsClaim", "roles", "--Granary:Users:Bearer:NameClaim", "preferred_username");
        var verdict = Assert.IsType<Verdict.Right>(await tokens.Verify(_signer.Signs(_clock, Us, claims: [("roles", "staff"), ("preferred_username", "Zoë")])));
        Assert.Equal("Zoë", verdict.Who.Name);
        Assert.Equal(["staff"], verdict.Who.Groups.AsEnumerable());
        Assert.Same(Verdict.Wrong, await tokens.Verify(_signer.Signs(_clock, Us))); // no such name in it
    }

    public static TheoryData<string> Bad() => ["issuer", "audience", "expired", "not yet", "no end", "stranger", "symmetric", "unsigned", "name", "control", "cut", "text", "empty"];

    [Theory, MemberData(nameof(Bad))]
    public async Task A_token_of_somebody_else_for_somebody_else_or_for_another_time_is_nobodys(string what)
    {
        using var tokens = FromFile();
        using var stranger = new Signer();
        var good = _signer.Signs(_clock, Us);
        var now = _clock.Now.ToUnixTimeSeconds();
        var token = what switch
        {
            "issuer" => _signer.Signs(_clock, "https://evil.example.com"),
            "audience" => _signer.Signs(_clock, Us, "another"),
            "expired" => _signer.Signs(_clock, Us, lifetime: -2.Minutes()),
            "not yet" => _signer.Signs(_clock, Us, claims: ("nbf", now + 120)),
            "no end" => _signer.Signs(_clock, Us, claims: ("exp", null)),
            "stranger" => stranger.Signs(_clock, Us),
            "symmetric" => Symmetric(good),
            "unsigned" => $"{Base64UrlEncoder.Encode("{\"alg\":\"none\"}")}.{good.Split('.')[1]}.",
            "name" => _signer.Signs(_clock, Us, claims: ("sub", null)),
            "control" => _signer.Signs(_clock, Us, claims: ("sub", "ali\r\nce")),
            "cut" => good[..^4],
            "text" => "not.a.token",
            _ => "..",
        };
        Assert.Same(Verdict.Wrong, await tokens.Verify(token));
    }

    [Fact]
    public async Task A_token_is_remembered_no_longer_than_it_holds()
    {
        using var tokens = FromFile("--Granary:Users:Remember", "1d");
        var token = _signer.Signs(_clock, Us, lifetime: 3.Minutes());
        Assert.IsType<Verdict.Right>(await tokens.Verify(token));
        _clock.Passes(3.Minutes() + 30.Seconds());
        Assert.IsType<Verdict.Right>(await tokens.Verify(token)); // clocks may differ by a minute
        _clock.Passes(30.Seconds());
        Assert.Same(Verdict.Wrong, await tokens.Verify(token));
    }

    [Fact, Trait("Fault", "57")]
    public async Task New_keys_in_the_file_take_the_place_of_the_old_and_a_broken_file_does_not()
    {
        using var next = new Signer("two");
        using var tokens = FromFile();
        var (ours, theirs) = (_signer.Signs(_clock, Us), next.Signs(_clock, Us));
        Assert.IsType<Verdict.Right>(await tokens.Verify(ours));
        _files.Writes("keys", "{ broken");
        await tokens.Look();
        Assert.IsType<Verdict.Right>(await tokens.Verify(ours));
        _files.Writes("keys", next.KeySet);
        await tokens.Look();
        Assert.Same(Verdict.Wrong, await tokens.Verify(ours));
        Assert.IsType<Verdict.Right>(await tokens.Verify(theirs));
    }

    [Fact]
    public async Task An_authority_that_is_away_at_the_start_is_asked_until_it_is_there_and_later_its_last_word_counts()
    {
        await using var authority = Origin.Starts();
        authority.Answers("/realms/x/.well-known/openid-configuration", 503, []);
        using var tokens = Begins("--Granary:Users:Bearer:Authority", authority.Url, "--Granary:Users:Bearer:Path", "/realms/x");
        await tokens.Look();
        var token = _signer.Signs(_clock, Us);
        Assert.Same(Verdict.Wrong, await tokens.Verify(token));
        authority.Answers("/realms/x/.well-known/openid-configuration", 200, ["Content-Type: application/json"], $$"""{"issuer":"{{Us}}","jwks_uri":"{{authority.Url}}/keys"}""");
        authority.Answers("/keys", 200, ["Content-Type: application/json"], _signer.KeySet);
        await Until(tokens, token, isRight: true);
        authority.Answers("/keys", 500, []);
        _clock.Passes(2.Hours());
        await tokens.Look();
        Assert.IsType<Verdict.Right>(await tokens.Verify(_signer.Signs(_clock, Us)));
        using var next = new Signer("two");
        authority.Answers("/keys", 200, ["Content-Type: application/json"], next.KeySet);
        var fresh = next.Signs(_clock, Us);
        Assert.Same(Verdict.Wrong, await tokens.Verify(fresh)); // an unknown key: it may have new ones
        _clock.Passes(31.Seconds());
        await Until(tokens, fresh, isRight: true);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","kid":"one","use":"sig"}]}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""")]
    public void A_set_without_a_public_key_is_none(string json) => Assert.Null(TokenKeys.OfSet(json));

    private BearerTokens FromFile(params string[] more) => Begins(["--Granary:Users:Bearer:Keys", _files.Writes("keys", _signer.KeySet), "--Granary:Users:Bearer:Issuer", Us, .. more]);

    private BearerTokens Begins(params string[] args)
    {
        var read = GranaryConfiguration.Read([.. args, "--Granary:Users:Bearer:Audience", "proxy"], new Dictionary<string, string?>());
        return new BearerTokens(Assert.IsType<ConfigurationOutcome.Valid>(read).Source, _turns, _clock.Time, NullLogger<BearerTokens>.Instance);
    }

    // The first question may still be under way: then this one is not asked.
    private async Task Until(BearerTokens tokens, string token, bool isRight)
    {
        for (var patience = Deadline.Over(); (await tokens.Verify(token) is Verdict.Right) != isRight; await tokens.Look())
        {
            Assert.False(patience.IsCompleted);
            _clock.Passes(11.Seconds());
            await Task.Yield();
        }
    }

    private string Symmetric(string good)
    {
        var head = $"{Base64UrlEncoder.Encode("{\"alg\":\"HS256\",\"kid\":\"one\"}")}.{good.Split('.')[1]}";
        return $"{head}.{Base64UrlEncoder.Encode(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(_signer.KeySet), Encoding.ASCII.GetBytes(head)))}";
    }
}
