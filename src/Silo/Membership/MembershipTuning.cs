using Orleans.Configuration;

namespace Granary.Silo.Membership;

/// <summary>
/// How soon a silo that is gone is declared dead, and how sure the others have to be. Orleans' defaults take 13 s for a crash and never notice a frozen process within a minute.
/// </summary>
internal static class MembershipTuning
{
    public static readonly TimeSpan TablePeriod = TimeSpan.FromSeconds(5);

    public static void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        // Orleans lengthens a probe's time for a peer that answers slowly, up to this; without a bound a frozen silo takes 17 s.
        options.MinProbeTimeout = TimeSpan.FromSeconds(1);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;   // one sick silo cannot end a healthy one; where only two are alive, Orleans asks for one vote
        options.TableRefreshTimeout = TablePeriod;
        options.IAmAliveTablePublishTimeout = TablePeriod;   // three missed: rows that a full crash left behind do not hold up who starts
        options.MaxJoinAttemptTime = TimeSpan.FromMinutes(2);
        options.DefunctSiloExpiration = TimeSpan.FromHours(2);
        options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
    }
}
