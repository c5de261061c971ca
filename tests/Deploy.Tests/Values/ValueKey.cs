using System.Text.Json.Nodes;

namespace Granary.Deploy.Tests.Values;

/// <summary>A key of values.yaml.</summary>
/// <param name="Path">With dots.</param>
/// <param name="Description">What stands behind <c># --</c>; null for a key that only has others below it.</param>
/// <param name="Allowed">What stands behind <c># @schema</c>.</param>
internal sealed record ValueKey(string Path, string? Description, JsonObject? Allowed);
