using System.Text;
using Granary.Semantics.Framing;

namespace Granary.Semantics.Tests.Framing;

/// <summary>What came of inspecting a whole stream, cut into pieces in some way.</summary>
internal sealed record Inspected(int Clean, FramingViolation Violation, string Steps)
{
    public int Messages => Steps.Count(step => step == 'M');

    public static Inspected Requests(string stream, Func<int, int>? cut = null, FramingLimits? limits = null)
    {
        var framing = new RequestFraming(limits ?? FramingLimits.Default);
        return Follow(bytes => framing.Inspect(bytes), stream, cut);
    }

    public static Inspected Responses(string stream, string[] methods, Func<int, int>? cut = null, FramingLimits? limits = null, bool upgrade = false)
    {
        var framing = new ResponseFraming(limits ?? FramingLimits.Default);
        var next = 0;
        Expect();
        return Follow(Inspect, stream, cut);

        void Expect()
        {
            if (next == methods.Length) return;
            framing.Expect(methods[next] == "HEAD", methods[next] == "CONNECT");
            framing.UpgradeAsked = upgrade;
            next++;
        }

        FramingVerdict Inspect(ReadOnlySpan<byte> bytes)
        {
            var verdict = framing.Inspect(bytes);
            if (verdict.Step == FramingStep.MessageEnded) Expect();
            return verdict;
        }
    }

    public override string ToString() => $"{Clean} clean, {Violation}, {Steps}";

    private delegate FramingVerdict Inspection(ReadOnlySpan<byte> bytes);

    private static Inspected Follow(Inspection inspect, string stream, Func<int, int>? cut)
    {
        var bytes = Encoding.Latin1.GetBytes(stream);
        var steps = new StringBuilder();
        var clean = 0;
        for (var from = 0; from < bytes.Length;)
        {
            var to = Math.Min(bytes.Length, from + Math.Max(1, cut?.Invoke(from) ?? bytes.Length));
            while (from < to)
            {
                var verdict = inspect(bytes.AsSpan(from..to));
                clean += verdict.Clean;
                from += verdict.Clean;
                if (verdict.Step == FramingStep.Refused) return new(clean, verdict.Violation, steps.ToString());
                if (verdict.Step != FramingStep.More) steps.Append(verdict.Step.ToString()[0]).Append(verdict.Step == FramingStep.StartLineEnded ? "" : $"@{clean} ");
            }
        }

        return new(clean, FramingViolation.None, steps.ToString());
    }
}
