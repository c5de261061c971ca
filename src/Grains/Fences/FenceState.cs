using System.Globalization;

namespace Granary.Grains.Fences;

/// <summary>What Redis keeps of a silo's fence, as <c>life written heard</c>.</summary>
/// <param name="Life">Of this registration: another one once Redis has lost the one before.</param>
/// <param name="Written">Entries that were ever written for it.</param>
/// <param name="Heard">Up to which it has applied them.</param>
public readonly record struct FenceState(string Life, long Written, long Heard)
{
    public bool IsFenced => Written > Heard;

    /// <returns>Null for what this version did not write.</returns>
    public static FenceState? Read(string? text) =>
        text?.Split(' ') is [{ Length: > 0 } life, var written, var heard] && Number(written) is { } all && Number(heard) is { } some ? new FenceState(life, all, some) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Life} {Written} {Heard}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
