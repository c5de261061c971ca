namespace Granary.Grains.Origin;

/// <summary>
/// One request that is passed, up to the head of its answer, in the time that a fetch would have. While the request's content is written only
/// the writing is timed: how fast it comes is its client's affair.
/// </summary>
internal sealed class Passage(HttpMessageInvoker connections, Func<FetchOptions> limits, TimeProvider clock) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var options = request.Options.TryGetValue(OriginRequest.Group, out var group) ? group.Limit(limits()) : limits();
        using var timer = new HeadTimer(options.HeadTimeout, clock);
        await using var leaves = cancellationToken.UnsafeRegister(static timer => ((HeadTimer)timer!).Cancel(), timer).ConfigureAwait(false);
        if (request.Content is { } content) request.Content = new TimedContent(content, options, timer, clock, cancellationToken);
        try
        {
            return await connections.SendAsync(request, timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException ended) when (timer.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The origin did not answer in time.", ended);
        }
    }
}
