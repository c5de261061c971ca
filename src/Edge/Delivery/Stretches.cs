using Granary.Grains.Store;

namespace Granary.Edge.Delivery;

/// <summary>
/// What a client is sent, in order. The first ones are opened all at once before the head is written; of very many the later ones are opened a few ahead, and one that
/// is gone by then ends the answer early.
/// </summary>
internal sealed class Stretches(int count) : IAsyncDisposable
{
    private const int Ahead = 8;

    private readonly List<Stretch> _stretches = new(count);

    public void Add(Stretch stretch) => _stretches.Add(stretch);

    /// <returns>False when one of the first is gone.</returns>
    public async ValueTask<bool> Open()
    {
        for (var i = 1; i < _stretches.Count && i < Ahead; i++) _stretches[i].Begin();
        for (var i = 0; i < _stretches.Count && i < Ahead; i++)
            if (!await _stretches[i].Open()) return false;
        return true;
    }

    public async Task Send(HttpContext context)
    {
        for (var i = 0; i < _stretches.Count; i++)
        {
            if (i + Ahead <= _stretches.Count && i > 0) _stretches[i + Ahead - 1].Begin();
            if (!await _stretches[i].Open()) throw new IncompleteContentException("The content is gone.");
            await _stretches[i].Send(context);
            await _stretches[i].DisposeAsync(); // at once: a reader left standing would hold up a writer whose content outgrows the store
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stretch in _stretches) await stretch.DisposeAsync();
    }
}
