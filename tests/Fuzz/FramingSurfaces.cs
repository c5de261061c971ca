using System.Text;
using Granary.Semantics.Framing;
using static Granary.Fuzz.Surfaces;

namespace Granary.Fuzz;

/// <summary>Bytes on a connection. However they are cut into pieces, the verdict is the same.</summary>
internal static class FramingSurfaces
{
    public static readonly IReadOnlyList<Surface> All =
    [
        new("requests", [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nT: u\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost:\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
            input => SameHoweverCut(input, static () => { var framing = new RequestFraming(FramingLimits.Default); return framing.Inspect; })),
        new("responses", [
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "HTTP/1.0 304 x\r\n\r\n", "HTTP/1.1 200 \r\n\r\nuntil close"],
            input => SameHoweverCut(input, static () =>
            {
                var framing = new ResponseFraming(FramingLimits.Default);
                framing.Expect(head: false, connect: false);
                return framing.Inspect;
            })),
    ];

    private delegate FramingVerdict Inspection(ReadOnlySpan<byte> bytes);

    private static int SameHoweverCut(string input, Func<Inspection> begin)
    {
        var bytes = Encoding.Latin1.GetBytes(input);
        var whole = Follow(begin(), bytes, bytes.Length);
        foreach (var piece in new[] { 1, 7 }) Must.Be(Follow(begin(), bytes, piece), whole, $"in pieces of {piece}");
        return Kind(whole.Violation, whole.Steps % 16);
    }

    private static (int Clean, FramingViolation Violation, int Steps) Follow(Inspection inspect, byte[] bytes, int piece)
    {
        var (clean, steps) = (0, 0);
        for (var to = Math.Min(piece, bytes.Length); clean < bytes.Length; to = Math.Min(to + piece, bytes.Length))
            while (clean < to)
            {
                var verdict = inspect(bytes.AsSpan(clean..to));
                Must.Hold(verdict.Clean >= 0 && verdict.Clean <= to - clean, "more clean bytes than there were");
                clean += verdict.Clean;
                if (verdict.Step == FramingStep.Refused) return (clean, verdict.Violation, steps);
                if (verdict.Step != FramingStep.More) steps++;
                Must.Hold(verdict.Clean > 0 || verdict.Step != FramingStep.More, "no progress");
            }

        return (clean, FramingViolation.None, steps);
    }
}
