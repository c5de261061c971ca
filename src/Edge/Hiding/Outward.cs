using Granary.Edge.Presenting;
using Granary.Edge.Routing;
using Granary.Semantics.Fields;

namespace Granary.Edge.Hiding;

/// <summary>To the client of one request; by default nothing is hidden.</summary>
internal readonly record struct Outward(OutwardFields? Fields, FieldRules? Rules, HttpContext? Context, Destination.Origin? Destination)
{
    public FieldLines OfInterim(FieldLines fields) => Fields is null ? fields : Fields.Of(Context!, Destination!, fields);

    /// <summary>Of a final response: also by the operator's rules.</summary>
    public FieldLines OfFinal(FieldLines fields) => Rules is null ? OfInterim(fields) : Rules.OfResponse(OfInterim(fields));
}
