using System.IO.Pipelines;

namespace Granary.Edge.Listening.Repeats;

/// <summary>Knows requests by the bytes of their heads, and answers those that came before as they were answered then, without reading them again (decision 0026).</summary>
internal interface IRepeats
{
    /// <returns>False, and nothing written: the request is to be read.</returns>
    bool TryAnswer(in ArrivedHead head, RepeatedRequests connection, out ValueTask<FlushResult> sent);

    /// <summary>By what heads are told apart at first.</summary>
    ulong HashOf(ReadOnlySpan<byte> head);

    /// <summary>Whether it has come so often that its bytes are to be kept for whoever answers.</summary>
    bool IsWorthKeeping(ulong hash);
}
