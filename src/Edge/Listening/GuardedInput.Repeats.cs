using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Granary.Edge.Listening;

/// <summary>What Kestrel is not shown, since it was answered already. Only between requests, when all answers before are flushed; so this is the only one that writes.</summary>
internal sealed partial class GuardedInput
{
    private bool IsRepeated(in ReadResult read, out ValueTask<FlushResult> sent)
    {
        sent = default;
        if (read.IsCanceled) repeats?.Canceled();
        if (repeats is null || !_ended || _shown > 0 || _framing.IsAside || read.IsCanceled || read.Buffer.IsEmpty || output.HasSwitchedProtocols) return false;
        var answered = repeats.TryAnswer(read.Buffer.FirstSpan, out sent);
        if (answered > 0) inner.AdvanceTo(read.Buffer.GetPosition(answered));
        return answered > 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadAfter(ValueTask<FlushResult> sent, CancellationToken cancellationToken)
    {
        await repeats!.Wait(sent);
        return await ReadAsync(cancellationToken);
    }
}
