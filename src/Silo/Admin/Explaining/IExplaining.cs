using Granary.Grains.Explaining;

namespace Granary.Silo.Admin.Explaining;

/// <summary>How this process learns what the owners of a URI know of it.</summary>
public interface IExplaining
{
    /// <param name="uri">In the form of cache keys.</param>
    Task<Explained> Explain(string uri);
}

/// <param name="Edge">What this edge knows beside the silos; null in a silo, and in one process.</param>
public sealed record Explained(Explanation Explanation, ExplainedPlace? Edge);
