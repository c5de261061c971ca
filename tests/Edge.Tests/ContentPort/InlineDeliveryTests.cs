using System.Net;
using Granary.Grains.Resources;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Granary.Edge.Tests.ContentPort;

/// <summary>Answers as an edge receives them: stamped by a silo, written and read by the serializer, delivered.</summary>
public sealed class InlineDeliveryTests : IAsyncLifetime, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private SiloSide _silo = null!;
    private EdgeSide _edge = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        (_silo, _edge) = (await SiloSide.Starts(), await EdgeSide.Starts());
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _edge.Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _silo.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 << 10)]
    public async Task Small_content_comes_with_the_answer_and_no_silo_is_asked(int length)
    {
        var answer = Leaves(1, length);
        Assert.Equal(Known.Bytes(1, 0, length), await _client.GetByteArrayAsync("/a"));
        Assert.Empty(_silo.Asked);
        Assert.False(answer.Inline!.IsHere); // its memory has gone back
    }

    [Fact]
    public async Task Larger_content_is_read_at_the_silo()
    {
        Assert.Null(Leaves(1, (32 << 10) + 1).Inline);
        Assert.Equal(Known.Bytes(1, 0, (32 << 10) + 1), await _client.GetByteArrayAsync("/a"));
        Assert.Single(_silo.Asked);
    }

    [Fact, Trait("Spec", "RFC 9110 §14.2"), Trait("Kind", "optimal")]
    public async Task Ranges_are_cut_out_of_what_came_with_the_answer()
    {
        Leaves(2, 10_000);
        using var one = await Asks("bytes=9000-9009");
        Assert.Equal(HttpStatusCode.PartialContent, one.StatusCode);
        Assert.Equal(Known.Bytes(2, 9000, 10), await one.Content.ReadAsByteArrayAsync());
        Leaves(2, 10_000);
        using var several = await Asks("bytes=9000-9001,5-7");
        Assert.Contains("Content-Range: bytes 5-7/10000", await several.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_silo.Asked);
    }

    [Fact]
    public async Task What_was_gone_when_the_answer_was_written_is_looked_up_again()
    {
        Leaves(3, 1000, meanwhile: () => _silo.Store.Removes(3));
        Assert.Equal(EdgeSide.LooksUpAgain, await _client.GetStringAsync("/a"));
    }

    [Fact]
    public async Task Memory_goes_back_when_the_client_wants_none_of_it_too()
    {
        var answer = Leaves(4, 1000);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a");
        request.Headers.TryAddWithoutValidation("If-None-Match", "\"v1\"");
        using var notModified = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, notModified.StatusCode);
        Assert.False(answer.Inline!.IsHere);
    }

    private Answer.Serve Leaves(int seed, int length, Action? meanwhile = null)
    {
        var content = _silo.Store.Keeps(seed, length);
        var head = new ResponseHead(200, FieldLines.Of("ETag: \"v1\"", $"Content-Length: {length}"));
        var answer = new Answer.Serve(head, new ContentAddress(content.Id, content.Length), TimeSpan.Zero, new CacheStatus { Hit = true });
        var stamped = _silo.Outgoing.Stamp(answer, new RequestHead("GET", "http://example.org/a", FieldLines.Empty));
        meanwhile?.Invoke();
        var serializer = _services.GetRequiredService<Serializer<Answer>>();
        var arrived = (Answer.Serve)serializer.Deserialize(serializer.SerializeToArray(stamped))!;
        _edge.Gets("/a", arrived);
        return arrived;
    }

    private Task<HttpResponseMessage> Asks(string range)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/a");
        request.Headers.TryAddWithoutValidation("Range", range);
        return _client.SendAsync(request);
    }
}
