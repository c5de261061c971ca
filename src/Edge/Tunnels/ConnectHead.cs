using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Granary.Edge.Errors;
using Granary.Edge.Listening;
using Granary.Semantics.Framing;
using Microsoft.Extensions.Primitives;

namespace Granary.Edge.Tunnels;

/// <summary>The head of a CONNECT request, read as strictly as any other. RFC 9112 §3, §5.</summary>
/// <param name="Target">The authority that it names, as it stands there.</param>
/// <param name="Accept">For the form of an error.</param>
/// <param name="Said">Proxy-Authorization.</param>
/// <param name="MayStay">The client takes the connection for one that goes on after an answer: RFC 9112 §9.3.</param>
internal sealed record ConnectHead(string Target, string? Accept, StringValues Said, bool MayStay)
{
    /// <summary>Through which proxies it has come; null: none has said so.</summary>
    public string? Via { get; private init; }

    /// <summary>Reads the head and not a byte more.</summary>
    /// <param name="violation">Why it is none.</param>
    /// <returns>Null if it ended early, or is none.</returns>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async ValueTask<(ConnectHead? Head, FramingViolation Violation, bool HasContent)> Read(PipeReader input, FramingLimits limits, CancellationToken late)
    {
        var (framing, seen) = (new RequestFraming(limits), 0L);
        while (true)
        {
            var read = await input.ReadAsync(late);
            var verdict = Inspect(framing, read.Buffer, ref seen);
            if (verdict.Step is FramingStep.MessageEnded or FramingStep.HeadEnded)
            {
                var head = Parse(Encoding.Latin1.GetString(read.Buffer.Slice(0, seen)), framing.IsHttp10);
                input.AdvanceTo(read.Buffer.GetPosition(seen));
                return (head, FramingViolation.None, verdict.Step is FramingStep.HeadEnded);
            }

            var isOver = read.IsCompleted || verdict.Step is FramingStep.Refused;
            input.AdvanceTo(isOver ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (isOver) return (null, verdict.Violation, false);
        }
    }

    private static FramingVerdict Inspect(RequestFraming framing, ReadOnlySequence<byte> buffer, ref long seen)
    {
        foreach (var segment in buffer.Slice(seen))
            for (var bytes = segment.Span; !bytes.IsEmpty;)
            {
                var verdict = framing.Inspect(bytes);
                seen += verdict.Clean;
                bytes = bytes[verdict.Clean..];
                if (verdict.Step is FramingStep.MessageEnded or FramingStep.HeadEnded or FramingStep.Refused) return verdict;
            }

        return new FramingVerdict(0, FramingStep.More);
    }

    private static ConnectHead Parse(string head, bool isHttp10)
    {
        var lines = head.Split('\n', StringSplitOptions.TrimEntries);
        var options = string.Join(',', Values(lines, "Connection:").Concat(Values(lines, "Proxy-Connection:")));
        var closes = options.Split(',', StringSplitOptions.TrimEntries).Contains("close", StringComparer.OrdinalIgnoreCase);
        return new ConnectHead(lines[0].Split(' ')[1], string.Join(',', Values(lines, "Accept:")), Values(lines, "Proxy-Authorization:").ToArray(), !isHttp10 && !closes) { Via = string.Join(", ", Values(lines, "Via:")) is { Length: > 0 } via ? via : null };
    }

    private static IEnumerable<string> Values(string[] lines, string name) =>
        lines.Skip(1).Where(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase)).Select(line => line[name.Length..].Trim());

    // A record would write what the client said.
    public override string ToString() => Target;
}
