using System.Collections.Immutable;
using System.Net;

namespace Granary.Edge.Admin;

/// <summary>Sends requests of its own through what answers clients, a few at a time: so what clients may not have is not fetched either, and it is stored under the keys that they will ask for.</summary>
internal sealed class Prefetching(IServiceScopeFactory scopes, ILogger<Prefetching> logger) : IDisposable
{
    private const int AtATime = 16;

    private readonly SemaphoreSlim _places = new(AtATime);

    /// <summary>What takes a request to its answer; set once the pipeline is built.</summary>
    public RequestDelegate Pipeline { get; set; } = static _ => throw new InvalidOperationException("There is no pipeline yet.");

    public async Task<Prefetched[]> Fetch(ImmutableArray<string> urls, IPAddress? from, CancellationToken cancellationToken) =>
        await Task.WhenAll(urls.Select(url => FetchInTurn(url, from, cancellationToken)));

    public void Dispose() => _places.Dispose();

    private async Task<Prefetched> FetchInTurn(string url, IPAddress? from, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Fetch(url, from, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<Prefetched> Fetch(string url, IPAddress? from, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var request = new PrefetchContext(url, from, scope.ServiceProvider, cancellationToken);
        try
        {
            await Pipeline(request.Http);
            await request.Http.Response.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what was left has nothing more to say
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested) // of whatever kind: the other URLs have nothing to do with it
        {
            logger.PrefetchBroke(broken);
            return new Prefetched(url, Prefetched.Failed, StatusCodes.Status500InternalServerError, "internal");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Prefetched.Of(url, request.Http.Response, request.IsCut);
    }
}
