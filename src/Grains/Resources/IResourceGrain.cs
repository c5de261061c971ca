using System.Collections.Immutable;
using Granary.Grains.Resources.Posts;

namespace Granary.Grains.Resources;

/// <summary>
/// Owns every stored response of one target URI: the grain's key is the effective target URI (RFC 9110 §7.1), normalised.
/// All look-ups, fetches and invalidations of that URI are decided here, one after another.
/// </summary>
[Alias("granary.IResourceGrain")]
public interface IResourceGrain : IGrainWithStringKey
{
    /// <summary>
    /// Answers a presented request: from a stored response, from a fetch under way or begun for it, or with the reason why the edge must forward it itself.
    /// Waits for at most the head of the origin's response, never for its content.
    /// </summary>
    [Alias("Ask")]
    Task<Answer> Ask(Question question);

    /// <summary>
    /// RFC 9111 §4.4. Afterwards nothing stored before is reused, and no fetch that began before is stored.
    /// </summary>
    /// <returns>How many stored responses were removed.</returns>
    [Alias("Invalidate")]
    Task<int> Invalidate();

    /// <summary>The same for several URIs at once: whoever owns one of them can tell all silos.</summary>
    /// <param name="isSoft">They are stale afterwards, and not gone.</param>
    /// <returns>How many stored responses were hit.</returns>
    [Alias("InvalidateUris")]
    Task<int> InvalidateUris(ImmutableArray<string> uris, bool isSoft);

    /// <summary>The same, with what became of it.</summary>
    [Alias("Purge")]
    Task<Purged> Purge(ImmutableArray<string> uris, bool isSoft);

    /// <summary>An edge that passed a request saw a response that may be stored: the next request is looked up again.</summary>
    [Alias("NoLongerPasses")]
    Task NoLongerPasses(bool authorized);

    /// <summary>RFC 9111 §4.3.5: an edge that passed a HEAD got a 200, which freshens or outdates what a GET would be answered with.</summary>
    [Alias("HeadPassed")]
    Task HeadPassed(PassedHead passed);

    /// <summary>RFC 9110 §9.3.3: an edge that passed a POST, and has invalidated its target, sees a head that says that the response may answer later GETs.</summary>
    /// <returns>Null if it shall not bring it.</returns>
    [Alias("ExpectPost")]
    Task<PostExpected?> ExpectPost();

    /// <summary>It has come whole.</summary>
    [Alias("PostPassed")]
    Task PostPassed(PassedPost passed);
}
