using Granary.Semantics.Fields;

namespace Granary.Semantics.Messages;

/// <summary>The head of a final response. RFC 9110 §3.4, §15.</summary>
/// <param name="Status">100..999; unknown codes are treated by their first digit (§15).</param>
/// <param name="Reason">The reason phrase as received (RFC 9112 §4), null if the protocol had none.</param>
public sealed record ResponseHead(int Status, FieldLines Fields, string? Reason = null);
