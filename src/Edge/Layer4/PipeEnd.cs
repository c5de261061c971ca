using System.IO.Pipelines;

namespace Granary.Edge.Layer4;

/// <summary>A pipe that leads to the client by way of TLS or of a stream of HTTP/2: its end is the end of that direction.</summary>
internal sealed class PipeEnd(PipeWriter output, Action reset) : ClientEnd
{
    public override async ValueTask Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var flushed = await output.WriteAsync(bytes, cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled) throw new IOException("The client is gone.");
    }

    public override ValueTask Shutdown() => output.CompleteAsync();

    public override void Reset() => reset();
}
