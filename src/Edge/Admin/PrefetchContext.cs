using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Granary.Edge.Admin;

/// <summary>
/// A request of nobody's: it goes through routing, policies and cache as any GET does, and what it brings is thrown away. Content that will be stored is read to its end, so that the outcome is known;
/// of all else the head tells enough, and it is left.
/// </summary>
internal sealed class PrefetchContext : HttpResponseFeature, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly CancellationTokenSource _left;
    private bool _hasStarted;
    private bool _isLeft;

    /// <param name="url">In the normal form of cache keys.</param>
    /// <param name="from">Who asked for it: rules for clients hold for him.</param>
    public PrefetchContext(string url, IPAddress? from, IServiceProvider services, CancellationToken cancellationToken)
    {
        _left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RequestAborted = _left.Token;
        Headers = new HeaderDictionary();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(RequestOf(url));
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpRequestLifetimeFeature>(this);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new Sink(this)));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = from, LocalIpAddress = IPAddress.Loopback, ConnectionId = "prefetch" });
        Http = new DefaultHttpContext(features) { RequestServices = services };
    }

    public HttpContext Http { get; }

    /// <summary>The content ended before it was whole.</summary>
    public bool IsCut { get; private set; }

    public CancellationToken RequestAborted { get; set; }

    public override bool HasStarted => _hasStarted;

    public void Abort()
    {
        IsCut |= !_isLeft;
        _left.Cancel();
    }

    public void Dispose() => _left.Dispose();

    // Taken apart as it is: whatever else knows URLs might write it in another way.
    private static HttpRequestFeature RequestOf(string url)
    {
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = url.IndexOf('/', authority);
        var query = url.IndexOf('?', path) is >= 0 and var mark ? mark : url.Length;
        return new HttpRequestFeature
        {
            Method = HttpMethods.Get,
            Protocol = HttpProtocol.Http11,
            Scheme = url[..(authority - 3)],
            Path = Uri.UnescapeDataString(url[path..query]),
            QueryString = url[query..],
            RawTarget = url,
            Headers = new HeaderDictionary { ["Host"] = url[authority..path] },
        };
    }

    private void Begin()
    {
        if (_hasStarted) return;
        _hasStarted = true;
        if (Prefetched.Of("", Http.Response, isCut: false) is { Outcome: Prefetched.Stored, Reason: null }) return;
        _isLeft = true;
        _left.Cancel();
    }

    private sealed class Sink(PrefetchContext context) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            context.Begin();
            return context._left.IsCancellationRequested ? ValueTask.FromCanceled(context._left.Token) : default;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => context.Begin();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
