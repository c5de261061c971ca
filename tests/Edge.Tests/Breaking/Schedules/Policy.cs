namespace Granary.Edge.Tests.Breaking.Schedules;

/// <summary>A Cache-Control and what it means, written down by hand: the checker must not share the parser it checks.</summary>
internal sealed record Policy(string CacheControl, int Lifetime, int WhileRevalidate = 0, int IfError = 0)
{
    public static readonly Policy[] All =
    [
        new("max-age=10", 10),
        new("max-age=30, stale-while-revalidate=20", 30, WhileRevalidate: 20),
        new("max-age=5, stale-if-error=40", 5, IfError: 40),
        new("public, max-age=10", 10) { IsForAll = true },
        new("s-maxage=10", 10) { IsForAll = true, ForbidsStale = true },
        new("max-age=5, must-revalidate", 5) { IsForAll = true, ForbidsStale = true },
        new("no-cache", 0) { MustBeValidated = true, ForbidsStale = true },
        new("no-store", 0) { IsForOne = true },
        new("private, max-age=60", 60) { IsForOne = true },
    ];

    /// <summary>RFC 9111 §3.5: the origin lets all have what an authorized client got.</summary>
    public bool IsForAll { get; init; }

    /// <summary>Not to be stored by a shared cache: no two clients get the same answer.</summary>
    public bool IsForOne { get; init; }

    public bool MustBeValidated { get; init; }

    public bool ForbidsStale { get; init; }

    /// <summary>Whether something given so many seconds before the client asked may be served without asking again.</summary>
    public bool Allows(double age, Presented presented, Trouble trouble)
    {
        if (IsForOne || MustBeValidated || presented.NoCache) return false;
        if (age < Lifetime && (!presented.MaxAgeZero || trouble != Trouble.None)) return true;
        if (ForbidsStale) return false;
        var onError = trouble switch
        {
            Trouble.ServerError => IfError,
            Trouble.Closed => IfError > 0 ? IfError : 86_400,
            _ => 0,
        };
        var extra = Math.Max(onError, presented.MaxAgeZero ? 0 : Math.Max(WhileRevalidate, presented.MaxStale));
        return extra > 0 && age <= Lifetime + extra;
    }
}

/// <summary>What an origin does with the requests of one burst.</summary>
internal enum Trouble
{
    None,
    ServerError,
    Closed,
    Cut,
}
