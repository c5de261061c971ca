using System.Net;

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
        using var timer = new CancellationTokenSource(options.HeadTimeout, clock);
        await using var leaves = cancellationToken.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer).ConfigureAwait(false);
        if (request.Content is { } content) request.Content = new TimedContent(content, options, timer, cancellationToken);
        try
        {
            return await connections.SendAsync(request, timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException ended) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The origin did not answer in time.", ended);
        }
    }

    /// <summary>The content of a request. Each piece must be taken by the origin within the idle time-out; after the last one the time for the head begins.</summary>
    private sealed class TimedContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly FetchOptions _options;
        private readonly CancellationTokenSource _timer;
        private readonly CancellationToken _leaves;

        /// <param name="timer">What ends the request, in time or because its client leaves.</param>
        /// <param name="leaves">The latter alone.</param>
        public TimedContent(HttpContent content, FetchOptions options, CancellationTokenSource timer, CancellationToken leaves)
        {
            (_content, _options, _timer, _leaves) = (content, options, timer, leaves);
            foreach (var field in content.Headers.NonValidated)
                foreach (var value in field.Value) Headers.TryAddWithoutValidation(field.Key, value);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _timer.CancelAfter(Timeout.InfiniteTimeSpan);
            await _content.CopyToAsync(new TimedWrites(stream, _options.IdleTimeout, _timer, _leaves), context, cancellationToken).ConfigureAwait(false);
            _timer.CancelAfter(_options.HeadTimeout);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
