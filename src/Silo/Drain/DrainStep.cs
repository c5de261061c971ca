namespace Granary.Silo.Drain;

/// <summary>
/// Something that a silo does before it leaves. Steps are done in the order in which they were registered, while the silo is still a member that answers;
/// all of them together have <c>Granary:Cluster:DrainTimeout</c>.
/// </summary>
/// <param name="Name">For the log: what is being done.</param>
/// <param name="Run">Ends early, with what it has, when it is cancelled.</param>
public sealed record DrainStep(string Name, Func<CancellationToken, Task> Run);
