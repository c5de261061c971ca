using Granary.Semantics.Fields;
using Granary.Semantics.Ranges;
using Granary.Semantics.Validation;

namespace Granary.Grains.Resources.Partial;

/// <summary>The range a fetch asks for alone.</summary>
/// <param name="Holds">If-Range: only of this representation, else the whole of the new one (RFC 9110 §13.1.5).</param>
internal sealed record PartRequest(RangeSpec Range, StrongValidator? Holds)
{
    public FieldLines Onto(FieldLines plain)
    {
        var ranged = plain.With(FieldNames.Range, Range.ToString());
        return Holds is { } validator ? ranged.With(FieldNames.IfRange, validator.Text) : ranged;
    }
}
