using System.Text;
using Granary.Edge.Rules.Compression;
using Granary.Edge.Tests.ContentPort;
using Granary.Grains.Resources;
using Granary.Language;
using Granary.Semantics.CacheStatus;
using Granary.Semantics.Fields;
using Granary.Semantics.Messages;
using Granary.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Granary.Edge.Tests.Rules;

/// <summary>Compressed forms of what lies at a silo, or came inside its answer.</summary>
public sealed class RemoteFormTests : IAsyncLifetime, IDisposable
{
    private static readonly CompressionSettings On = new() { Enabled = true };

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly CompressedForms _forms = new(static () => 1 << 20);

    private SiloSide _silo = null!;
    private EdgeSide _edge = null!;
    private Client _client = null!;

    public async Task InitializeAsync()
    {
        (_silo, _edge) = (await SiloSide.Starts(), await EdgeSide.Starts(compressing: new Compressing(null, hasOrigin: true, static () => On, _forms)));
        _client = new Client(path => new Uri(_edge.Url, path));
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
    [InlineData(8 << 10, 0)]
    [InlineData(100 << 10, 1)]
    public async Task One_that_is_kept_needs_no_content_any_more(int length, int asked)
    {
        var text = Encoding.Latin1.GetString(Known.Bytes(1, 0, length));
        var content = _silo.Store.Keeps(1, length);
        for (var i = 0; i < 3; i++)
        {
            Leaves(content.Id, content.Length);
            (await _client.Asks("/a", "Accept-Encoding: br").Gets(200)).IsCoded("br", text).Has("ETag: W/\"v1\"");
        }

        Assert.Equal((1, asked), (_forms.Made, _silo.Asked.Count));
    }

    [Fact, Trait("Promise", "P2")]
    public async Task Another_content_has_another_form()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var content = _silo.Store.Keeps(seed, 5000);
            Leaves(content.Id, content.Length);
            (await _client.Asks("/a", "Accept-Encoding: gzip").Gets(200)).IsCoded("gzip", Encoding.Latin1.GetString(Known.Bytes(seed, 0, 5000)));
        }

        Assert.Equal((3, 0), (_forms.Made, _forms.Used));
    }

    [Fact, Trait("Promise", "P3")]
    public async Task Content_that_is_gone_is_looked_up_again_and_nothing_was_written()
    {
        var content = _silo.Store.Keeps(1, 100 << 10);
        Leaves(content.Id, content.Length);
        _silo.Store.Removes(1);
        await _client.Asks("/a", "Accept-Encoding: gzip").Gets(200, EdgeSide.LooksUpAgain);
        Assert.Equal((0, 0), (_forms.Made, _forms.Count));
    }

    [Fact, Trait("Promise", "P7")]
    public async Task Forms_stay_within_their_budget_and_what_is_used_stays_longest()
    {
        var used = new FormKey(0, null, ContentCoding.Gzip);
        await Makes(used);
        for (var id = 1; id <= 100; id++)
        {
            await Makes(used with { Content = id });
            Assert.NotNull(_forms.Find(used));
            Assert.InRange(_forms.Bytes, 1, 1 << 20);
        }

        Assert.Equal((101, 34), (_forms.Made, _forms.Count)); // of some 30 KB each
        Assert.Null(_forms.Find(used with { Content = 1 }));
        Assert.NotNull(_forms.Find(used with { Content = 100 }));
    }

    private async Task Makes(FormKey key)
    {
        var content = new byte[30_000];
        new Random((int)key.Content).NextBytes(content);
        Assert.NotNull(await _forms.Make(key, content.Length, context => context.Response.Body.WriteAsync(content).AsTask()));
    }

    private void Leaves(long id, long? length)
    {
        var head = new ResponseHead(200, FieldLines.Of("ETag: \"v1\"", "Content-Type: text/plain", $"Content-Length: {length}"));
        var answer = new Answer.Serve(head, new ContentAddress(id, length), TimeSpan.Zero, new CacheStatus { Hit = true });
        var stamped = _silo.Outgoing.Stamp(answer, new RequestHead("GET", "http://example.org/a", FieldLines.Empty));
        var serializer = _services.GetRequiredService<Serializer<Answer>>();
        _edge.Gets("/a", (Answer.Serve)serializer.Deserialize(serializer.SerializeToArray(stamped))!);
    }
}
