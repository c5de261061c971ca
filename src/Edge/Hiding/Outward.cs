using Granary.Edge.Routing;
using Granary.Semantics.Fields;

namespace Granary.Edge.Hiding;

/// <summary>To the client of one request; by default nothing is hidden.</summary>
internal readonly record struct Outward(OutwardFields? Fields, HttpContext? Context, Destination.Origin? Destination)
{
    public FieldLines Of(FieldLines fields) => Fields is null ? fields : Fields.Of(Context!, Destination!, fields);
}
