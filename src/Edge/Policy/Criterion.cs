namespace Granary.Edge.Policy;

/// <summary>One criterion of a rule.</summary>
/// <param name="Name">As the setting is called.</param>
internal sealed record Criterion(string Name, Func<PolicyRequest, Fit> Of);
