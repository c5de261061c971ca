using Granary.Grains.Members;

namespace Granary.Grains.Fences;

/// <summary>What a silo says of another one that cannot look at Redis itself.</summary>
/// <param name="IsKnownOtherwise">It knows of something that the other has not heard, or may be writing it; or the other is no member.</param>
/// <param name="Age">How long before this answer it began its last look at Redis; null if it never had one.</param>
/// <param name="State">What that look showed of the other, as <see cref="FenceState"/> is written; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("granary.Vouch")]
public sealed record Vouch([property: Id(0)] bool IsKnownOtherwise, [property: Id(1)] TimeSpan? Age, [property: Id(2)] string? State);

/// <summary>Vouches for others, and asks all others to vouch for this silo.</summary>
internal sealed class Vouching(IFellowship fellowship, FenceKnowledge knowledge, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    /// <summary>For a member as this silo sees it now: whom it does not know, or has seen gone, it does not tell what is invalidated.</summary>
    /// <param name="name">As the membership table names it.</param>
    /// <param name="heard">As it was sent.</param>
    public Vouch For(string name, string heard)
    {
        var vouch = knowledge.VouchFor(name, FenceState.Read(heard));
        return fellowship.All.Any(fellow => fellow.Address.ToString() == name) ? vouch : vouch with { IsKnownOtherwise = true };
    }

    /// <param name="self">What this silo has heard.</param>
    /// <returns>One for each other silo that it knows; null for one that is silent.</returns>
    public Task<Vouch?[]> Ask(string name, FenceState self) =>
        Task.WhenAll(fellowship.All.Where(fellow => !fellowship.IsSelf(fellow)).Select(fellow => Ask(fellow, name, self)));

    private async Task<Vouch?> Ask(Fellow fellow, string name, FenceState self)
    {
        try
        {
            return await fellowship.Of(fellow).Vouch(name, self.ToString()).WaitAsync(Patience, clock);
        }
        catch (Exception) // of whatever kind: it comes from beyond a boundary, and means that it is silent
        {
            return null;
        }
    }
}
