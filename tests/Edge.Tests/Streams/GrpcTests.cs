using System.Net;
using System.Security.Cryptography.X509Certificates;
using Granary.Edge.Tests.Routing;
using Granary.Edge.Tests.Tls;
using Granary.Language;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Granary.Edge.Tests.Streams;

/// <summary>gRPC with its own client and server: over HTTP/2 in the clear and by TLS, on either side.</summary>
public sealed class GrpcTests : IDisposable
{
    private readonly Issuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("http", "http")]
    [InlineData("https", "http")]
    [InlineData("http", "https")]
    [InlineData("https", "https")]
    public async Task Calls_go_through_with_fields_trailers_and_status(string client, string upstream)
    {
        await using var backend = await Starts(upstream);
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, client);
        var calls = channel.CreateCallInvoker();

        using var once = calls.AsyncUnaryCall(Echo.Once, null, new CallOptions(), "hello");
        Assert.Equal("echo hello", await once.ResponseAsync.Within());
        Assert.Equal("before", (await once.ResponseHeadersAsync).GetValue("x-header"));
        Assert.Equal("behind", once.GetTrailers().GetValue("x-trailer"));

        using var failing = calls.AsyncUnaryCall(Echo.Once, null, new CallOptions(), "fail");
        var failed = await Assert.ThrowsAsync<RpcException>(() => failing.ResponseAsync.Within());
        Assert.Equal((StatusCode.FailedPrecondition, "told to", "asked"), (failed.StatusCode, failed.Status.Detail, failed.Trailers.GetValue("x-why")));

        using var unknown = calls.AsyncUnaryCall(new Method<string, string>(MethodType.Unary, "test.Nobody", "Once", Echo.Once.RequestMarshaller, Echo.Once.ResponseMarshaller), null, new CallOptions(), "x");
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => unknown.ResponseAsync.Within())).StatusCode);
    }

    [Fact, Trait("Spec", "RFC 9113 §8.1")]
    public async Task An_answer_that_comes_before_the_end_of_the_request_is_not_broken()
    {
        await using var backend = await Starts("https");
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, "https");
        var nobody = new Method<string, string>(MethodType.ClientStreaming, "test.Nobody", "Up", Echo.Once.RequestMarshaller, Echo.Once.ResponseMarshaller);
        for (var i = 0; i < 20; i++)
        {
            using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(nobody, null, new CallOptions());
            Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.Within())).StatusCode);
        }
    }

    [Theory, InlineData("http"), InlineData("https")]
    public async Task Messages_of_a_stream_both_ways_are_not_held_back(string upstream)
    {
        await using var backend = await Starts(upstream);
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, "https");
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Echo.BothWays, null, new CallOptions());
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync($"{i}").Within();
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Within());
            Assert.Equal($"echo {i}", call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync().Within();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).Within());
        Assert.Equal("behind", call.GetTrailers().GetValue("x-trailer"));
    }

    [Fact]
    public async Task A_stream_up_goes_on_after_the_head_of_its_answer_and_longer_than_any_limit_of_silence()
    {
        await using var backend = await Starts("http");
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, "http");
        using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(Echo.Upload, null, new CallOptions());
        var message = new string('x', 200_000);
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(message).Within();
            if (i == 0) await call.ResponseHeadersAsync.Within(); // until then there is a limit for the head
            if (i % 10 == 0) granary.Process.Clock.Passes(Limits.Idle / 2);
        }

        await call.RequestStream.CompleteAsync().Within();
        Assert.Equal("10000000", await call.ResponseAsync.Within());
    }

    [Fact]
    public async Task A_stream_down_comes_whole()
    {
        await using var backend = await Starts("http");
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, "https");
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(Echo.Download, null, new CallOptions(), "500");
        var length = 0L;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).Within()) length += call.ResponseStream.Current.Length;
        Assert.Equal(5_000_000, length);
    }

    [Fact]
    public async Task A_client_that_cancels_ends_the_call_at_the_server()
    {
        var ended = new TaskCompletionSource();
        await using var backend = await Backend.Starts(HttpProtocols.Http2, answer: async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.FlushAsync(CancellationToken.None);
            await using var gone = context.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        });
        await using var granary = await Starts(backend);
        using var channel = Channel(granary.Process, "http");
        using var cancel = new CancellationTokenSource();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(new Method<string, string>(MethodType.DuplexStreaming, "test.Nobody", "Waits", Echo.Once.RequestMarshaller, Echo.Once.ResponseMarshaller), null, new CallOptions(cancellationToken: cancel.Token));
        await call.ResponseHeadersAsync.Within(); // the head of an answer with nothing behind it has come
        await cancel.CancelAsync();
        await ended.Task.Within();
    }

    private async Task<Backend> Starts(string scheme) => await Backend.Starts(HttpProtocols.Http2, scheme == "https" ? _issuer.ForServer("127.0.0.1") : null);

    private Task<RoutedProcess> Starts(Backend backend) => RoutedProcess.Starts(
        """ "all": { "ClusterId": "one", "Match": { "Path": "{**rest}" } } """,
        $$"""{{""}}"one": { "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }, "Destinations": { "one": { "Address": "{{backend.Address}}" } } }""",
        [.. _issuer.Switches((_issuer.ForServer("127.0.0.1"), "*")), "--Granary:Fetch:Tls:Authority", _issuer.RootFile]);

    private GrpcChannel Channel(OneProcess process, string scheme)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_issuer.Root);
        var port = scheme == "https" ? process.SecureUrl().Port : process.Url.Port;
        return GrpcChannel.ForAddress($"{scheme}://127.0.0.1:{port}", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } },
            HttpVersion = HttpVersion.Version20,
            HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DisposeHttpClient = true,
        });
    }
}
