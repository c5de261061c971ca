using System.Collections.Immutable;
using Granary.Silo.Configuration;
using Granary.Silo.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Granary.Edge.Users.Bearer;

/// <summary>
/// Tokens (RFC 6750, RFC 7519) and the keys they are verified with. Keys come from a file or from an authority, which is asked beside everything else: as long as it has said nothing no token is right,
/// and what it said last counts when it is away. A token that is not right lets it be asked again, not more often than every half minute: it may have new keys.
/// </summary>
internal sealed class BearerTokens : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5), LeastPause = TimeSpan.FromSeconds(30), Skew = TimeSpan.FromMinutes(1);

    // Nothing symmetric, nothing without a signature.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly SettingsSource _settings;
    private readonly Turns _turns;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly AuthorityKeys _authority;
    private readonly NowAndThen _complaint;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ITimer? _timer;
    private volatile Known? _known;
    private volatile bool _wantsNews = true;
    private long _asked;
    private readonly Lock _looking = new();
    private Task _look = Task.CompletedTask;
    private BearerSettings? _askedFor;

    public BearerTokens(SettingsSource settings, Turns turns, TimeProvider clock, ILogger<BearerTokens> logger)
    {
        (_settings, _turns, _clock, _logger) = (settings, turns, clock, logger);
        (_authority, _complaint) = (new AuthorityKeys(clock), new NowAndThen(clock));
        if (!AreTaken(settings.Current.Users.Bearer)) return;
        _ = Look();
        _timer = clock.CreateTimer(static me => _ = ((BearerTokens)me!).Look(), this, Period, Period);
    }

    public static bool AreTaken(BearerSettings settings) => settings.Authority is not null || settings.Keys is not null;

    public async ValueTask<Verdict> Verify(string token)
    {
        if (_known is not { } known) return Verdict.Wrong;
        var verdict = await known.Verifying.Of(token, presented => Verify(known.Keys, presented));
        if (ReferenceEquals(verdict, Verdict.Wrong)) _wantsNews = true;
        return verdict;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _authority.Dispose();
    }

    /// <summary>Asks for the keys if it is time to. Whoever asks meanwhile waits for the same answer.</summary>
    internal Task Look()
    {
        lock (_looking) return _look.IsCompleted ? _look = LookOnce() : _look;
    }

    private async Task LookOnce()
    {
        var settings = _settings.Current.Users.Bearer;
        if (!IsTime(settings)) return;
        (_askedFor, _asked, _wantsNews) = (settings, _clock.GetTimestamp(), false);
        var (keys, why) = settings.Authority is { } authority ? await _authority.Ask(authority, settings.Path) : Read(settings.Keys);
        if (keys is null && _complaint.IsTime()) _logger.TokenKeysAway(why);
        if (keys is null || keys.IsSame(_known?.Keys)) return;
        _known = new Known(keys, new Verifying(_turns, () => _settings.Current.Users.Remember, _clock));
        _logger.TokenKeysTaken(keys.Keys.Length);
    }

    private bool IsTime(BearerSettings settings)
    {
        if (!AreTaken(settings)) return false;
        if (settings != _askedFor || settings.Authority is null) return true; // a file is looked at each time
        var since = _clock.GetElapsedTime(_asked);
        return since >= settings.Refresh || (since >= LeastPause && _wantsNews) || _known is null;
    }

    private static (TokenKeys?, string) Read(string? path)
    {
        try
        {
            return (path is null ? null : TokenKeys.OfSet(File.ReadAllText(path)), "their file is none");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, "their file cannot be read");
        }
    }

    private Verdict Verify(TokenKeys keys, string token)
    {
        var settings = _settings.Current.Users.Bearer;
        var result = _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer ?? keys.Issuer,
            ValidAudience = settings.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys.Keys,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => IsNow(from, until),
        }).GetAwaiter().GetResult(); // with keys at hand nothing is waited for
        return result.IsValid && result.SecurityToken is JsonWebToken valid && IdentityOf(valid, settings) is { } who ? new Verdict.Right(who, valid.ValidTo + Skew - _clock.GetUtcNow().UtcDateTime) : Verdict.Wrong;
    }

    // RFC 7519 §4.1.4, §4.1.5. One that never ends is nobody's.
    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return until is { } end && now < end + Skew && (from is not { } begin || now >= begin - Skew);
    }

    private static ClientIdentity? IdentityOf(JsonWebToken token, BearerSettings settings)
    {
        var name = token.TryGetClaim(settings.NameClaim, out var claim) ? claim.Value : null;
        var groups = token.Claims.Where(each => each.Type == settings.GroupsClaim && UserName.IsOne(each.Value)).Select(static each => each.Value).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return UserName.IsOne(name) ? new ClientIdentity(name!, groups) : null;
    }

    private sealed record Known(TokenKeys Keys, Verifying Verifying);
}
