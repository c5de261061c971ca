using CsCheck;
using Granary.Semantics.Fields;

namespace Granary.Tests;

public sealed class FieldLinesTests
{
    private static readonly Gen<FieldLines> Lines = Gen.Select(Gen.Char["AaBC"], Gen.Int[0, 3])
        .Select(static (name, value) => new FieldLine($"{name}", $"{value}")).Array[0, 6].Select(static lines => new FieldLines([.. lines]));

    [Fact, Trait("Spec", "RFC 9110 §5.3")]
    public void What_is_kept_is_kept_in_its_order() =>
        Gen.Select(Lines, Gen.Int[0, 3]).Sample(static (lines, dropped) =>
            lines.Where(line => line.Value != $"{dropped}").Lines.SequenceEqual(lines.Lines.Where(line => line.Value != $"{dropped}")));

    [Fact]
    public void Where_nothing_is_dropped_nothing_is_made() => Lines.Sample(static lines =>
    {
        Assert.Same(lines, lines.Where(static _ => true));
        Assert.Same(lines, lines.Without("D"));
    });
}
