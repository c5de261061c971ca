using Granary.Edge.Layer4;

namespace Granary.Edge.Policy.Bandwidth;

/// <summary>The client of a tunnel, at its pace.</summary>
internal sealed class PacedEnd(ClientEnd client, Pace pace) : ClientEnd
{
    public override async ValueTask Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var piece = Math.Min(bytes.Length, pace.Piece);
            await pace.Wait(piece, cancellationToken);
            await client.Send(bytes[..piece], cancellationToken);
            bytes = bytes[piece..];
        }
    }

    public override ValueTask Shutdown() => client.Shutdown();

    public override void Reset() => client.Reset();
}
