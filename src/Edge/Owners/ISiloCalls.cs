using Granary.Grains.Members;

namespace Granary.Edge.Owners;

/// <summary>Asks silos directly.</summary>
internal interface ISiloCalls
{
    /// <returns>Null when it does not answer in time, or cannot.</returns>
    Task<MemberReply?> Ask(Member silo, MemberCall call, TimeSpan deadline, CancellationToken cancellationToken);
}
