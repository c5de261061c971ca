using System.Buffers;
using System.IO.Pipelines;
using Granary.Edge.Layer4.Hello;

namespace Granary.Edge.Inspection;

/// <summary>What a client begins its tunnel with. It is looked at and left where it is.</summary>
internal abstract record Beginning
{
    private Beginning()
    {
    }

    /// <param name="Host">In lower case; null: it names none.</param>
    public sealed record Tls(string? Host) : Beginning;

    /// <summary>Nothing that a server of TLS would take for the beginning of it.</summary>
    public sealed record Other : Beginning;

    /// <summary>It may be TLS to somebody, and cannot be read here.</summary>
    public sealed record Unreadable(HelloFault Why) : Beginning;

    /// <param name="patience">For all of a ClientHello.</param>
    public static async ValueTask<Beginning> Look(PipeReader input, TimeSpan patience, TimeProvider clock, CancellationToken gone)
    {
        using var silent = new CancellationTokenSource(patience, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, gone);
        try
        {
            return await Look(input, over.Token);
        }
        catch (OperationCanceledException)
        {
            return new Unreadable(silent.IsCancellationRequested ? HelloFault.TimedOut : HelloFault.Incomplete);
        }
        catch (IOException)
        {
            return new Unreadable(HelloFault.Incomplete);
        }
    }

    /// <returns>Null while more is needed.</returns>
    public static Beginning? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        if (bytes[0] >= 0x80) return OfVersion2(bytes);
        if (bytes[0] is < 20 or > 24) return new Other(); // RFC 8446 §5.1, RFC 6520: no record of TLS
        return ClientHello.Read(bytes) switch
        {
            HelloReading.Named(var host) => new Tls(host),
            HelloReading.Refused(HelloFault.NoName) => new Tls(Host: null),
            // Servers do not mind the version of a first record, nor an alert before the hello.
            HelloReading.Refused(HelloFault.NotTls) => new Unreadable(HelloFault.Malformed),
            HelloReading.Refused(var why) => new Unreadable(why),
            _ => null,
        };
    }

    // RFC 5246 §E.2: the hello of SSL 2.0, which servers may still take for one of TLS.
    private static Beginning? OfVersion2(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 3 ? null : bytes[2] == 1 ? new Unreadable(HelloFault.Malformed) : new Other();

    private static async ValueTask<Beginning> Look(PipeReader input, CancellationToken over)
    {
        while (true)
        {
            var read = await input.ReadAsync(over);
            var beginning = Of(read.Buffer);
            var isLast = read.IsCompleted || read.IsCanceled;
            input.AdvanceTo(read.Buffer.Start, beginning is null && !isLast ? read.Buffer.End : read.Buffer.Start);
            if (beginning is not null || isLast) return beginning ?? new Unreadable(HelloFault.Incomplete);
        }
    }

    private static Beginning? Of(ReadOnlySequence<byte> buffer)
    {
        buffer = buffer.Slice(0, Math.Min(buffer.Length, ClientHello.Most));
        return Of(buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray());
    }
}
