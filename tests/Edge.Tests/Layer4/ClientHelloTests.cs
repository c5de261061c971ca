using System.Net.Security;
using System.Text;
using CsCheck;
using Granary.Edge.Layer4.Hello;
using Granary.Language;

namespace Granary.Edge.Tests.Layer4;

[Trait("Spec", "RFC 6066 §3"), Trait("Kind", "required")]
public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("git.example.com")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("localhost")]
    [InlineData("a_b.example")]
    public void The_name_that_a_real_client_asks_for_is_found(string host) => Assert.Equal(new HelloReading.Named(host), ClientHello.Read(Real(host)));

    [Fact]
    public void A_name_is_told_in_lower_case() => Assert.Equal(new HelloReading.Named("git.example.com"), ClientHello.Read(Hello(Name("GIT.Example.COM"))));

    [Fact]
    public void A_client_that_names_no_server_is_refused()
    {
        Assert.Equal(Refused(HelloFault.NoName), ClientHello.Read(Real("")));
        Assert.Equal(Refused(HelloFault.NoName), ClientHello.Read(Hello()));
        Assert.Equal(Refused(HelloFault.NoName), ClientHello.Read(Record(Message(Body(extensions: null)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com.")]
    [InlineData(".example.com")]
    [InlineData("a..b")]
    [InlineData("192.0.2.1")]
    [InlineData("::1")]
    [InlineData("exa mple.com")]
    [InlineData("example.com\0.evil")]
    [InlineData("b\u00fccher.example")]
    [InlineData("example.com:443")]
    public void What_is_no_host_name_is_refused(string name) => Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Name(name))));

    [Fact]
    public void Names_and_labels_have_their_greatest_lengths()
    {
        var label = new string('a', 63);
        Assert.IsType<HelloReading.Named>(ClientHello.Read(Hello(Name($"{label}.{label}.{label}.{label[..61]}"))));
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Name($"{label}.{label}.{label}.{label[..62]}"))));
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Name($"{label}a.example"))));
    }

    [Fact, Trait("Spec", "RFC 8446 §4.2")]
    public void A_second_name_or_a_second_extension_of_names_is_refused()
    {
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Name("a.example"), Name("b.example"))));
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Extension(0, Vector(2, [.. Entry(0, "a.example"), .. Entry(0, "b.example")])))));
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Extension(0, Vector(2, Entry(1, "a.example"))))));
        Assert.Equal(Refused(HelloFault.Malformed), ClientHello.Read(Hello(Extension(0, []))));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("\u0080\u002e\u0001\u0003\u0001")]
    [InlineData("\u0016\u0002")]
    [InlineData("\u0015\u0003\u0001\0\u0002\u0002\u0028")]
    [InlineData("\0\0\0\u0008\u0004\u00d2\u0016\u002f")]
    public void What_does_not_begin_like_TLS_is_refused_with_its_first_bytes(string bytes) =>
        Assert.Equal(Refused(HelloFault.NotTls), ClientHello.Read(Encoding.Latin1.GetBytes(bytes)));

    [Theory]
    [InlineData("\u0016\u0003\u0001\0\0", HelloFault.Malformed)]
    [InlineData("\u0016\u0003\u0001\u0040\u0001", HelloFault.Malformed)]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0002", HelloFault.Malformed)]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0001\u0001\0\0", HelloFault.TooLong)]
    [InlineData("\u0016\u0003\u0001\0\u0001\u0001\u0015", HelloFault.Malformed)]
    public void Records_that_cannot_carry_a_ClientHello_are_refused_at_once(string bytes, HelloFault why) =>
        Assert.Equal(Refused(why), ClientHello.Read(Encoding.Latin1.GetBytes(bytes)));

    [Fact, Trait("Spec", "RFC 8446 §5.1")]
    public void A_ClientHello_cut_into_records_anywhere_is_put_together()
    {
        var message = Message(Body(Vector(2, Name("git.example.com"))));
        for (var cut = 1; cut < message.Length; cut++)
            Assert.Equal(new HelloReading.Named("git.example.com"), ClientHello.Read([.. Record(message[..cut]), .. Record(message[cut..])]));
        Assert.Equal(new HelloReading.Named("git.example.com"), ClientHello.Read([.. message.SelectMany(b => Record([b]))]));
    }

    [Fact]
    public void Records_without_end_are_too_long()
    {
        byte[] head = [1, 0, 0x3f, 0xf0];
        byte[] crumbs = [.. Record(head), .. Enumerable.Range(0, ClientHello.Most).SelectMany(_ => Record([0]))];
        Assert.Equal(Refused(HelloFault.TooLong), ClientHello.Read(crumbs.AsSpan(0, ClientHello.Most)));
        Assert.Equal(Refused(HelloFault.TooLong), ClientHello.Read(crumbs));
    }

    [Fact]
    public void A_ClientHello_that_has_not_come_whole_is_waited_for_and_what_follows_it_changes_nothing()
    {
        var hello = Real("git.example.com");
        for (var cut = 0; cut < hello.Length; cut++) Assert.Same(HelloReading.Undecided.Instance, ClientHello.Read(hello.AsSpan(0, cut)));
        for (var next = 0; next < 256; next++) Assert.Equal(new HelloReading.Named("git.example.com"), ClientHello.Read([.. hello, (byte)next]));
    }

    [Fact]
    public void Nothing_makes_it_throw_and_what_is_decided_stays_decided_whatever_follows()
    {
        var hello = Real("git.example.com");
        var changed = Gen.Select(Gen.Int[0, hello.Length - 1], Gen.Byte, Gen.Int[0, hello.Length - 1], Gen.Byte).Select((at, to, at2, to2) =>
        {
            var copy = hello.ToArray();
            (copy[at], copy[at2]) = (to, to2);
            return copy;
        });
        var random = Gen.Byte.Array[0, 200].Select(static rest => (byte[])[0x16, 3, 1, .. rest]);
        var built = Gen.Byte.Array[0, 120].Select(static body => Record(Message(body)));
        Gen.OneOf(changed, random, built).Sample(bytes =>
        {
            var decided = default(HelloReading);
            for (var length = 0; length <= bytes.Length; length++)
            {
                var now = ClientHello.Read(bytes.AsSpan(0, length));
                if (decided is not null) Assert.Equal(decided, now);
                else if (now is not HelloReading.Undecided) decided = now;
            }
        }, iter: 2000);
    }

    [Fact]
    public void The_most_specific_pattern_counts()
    {
        var names = new ServerNames<string>(new Dictionary<string, string> { ["git.example.com"] = "name", ["*.example.com"] = "near", ["*.com"] = "far", ["*"] = "any" });
        Assert.Equal(["name", "near", "near", "far", "far", "any", "any"],
            new[] { "git.example.com", "www.example.com", "a.b.example.com", "example.com", "other.com", "com", "example.net" }.Select(names.Find));
        Assert.Null(new ServerNames<string>([]).Find("example.com"));
        Assert.Null(new ServerNames<string>([KeyValuePair.Create("*.example.com", "x")]).Find("example.com"));
    }

    private static HelloReading.Refused Refused(HelloFault why) => new(why);

    /// <summary>What SslStream sends first.</summary>
    private static byte[] Real(string host)
    {
        using var wire = new FirstWrite();
        using var tls = new SslStream(wire);
        _ = tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host });
        return wire.Written.Within().GetAwaiter().GetResult();
    }

    private static byte[] Hello(params byte[][] extensions) => Record(Message(Body(Vector(2, [.. extensions.SelectMany(e => e)]))));

    private static byte[] Record(byte[] fragment) => [22, 3, 1, .. Vector(2, fragment)];

    private static byte[] Message(byte[] body) => [1, .. Vector(3, body)];

    private static byte[] Body(byte[]? extensions) => [3, 3, .. new byte[32], .. Vector(1, new byte[32]), .. Vector(2, [0x13, 1]), .. Vector(1, [0]), .. extensions ?? []];

    private static byte[] Name(string host) => Extension(0, Vector(2, Entry(0, host)));

    private static byte[] Entry(byte type, string host) => [type, .. Vector(2, Encoding.Latin1.GetBytes(host))];

    private static byte[] Extension(byte type, byte[] data) => [0, type, .. Vector(2, data)];

    private static byte[] Vector(int lengthBytes, byte[] content) =>
        [.. Enumerable.Range(1, lengthBytes).Select(i => (byte)(content.Length >> (8 * (lengthBytes - i)))), .. content];

    private sealed class FirstWrite : MemoryStream
    {
        private readonly TaskCompletionSource<byte[]> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<byte[]> Written => _written.Task;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _written.TrySetResult(buffer.ToArray());
            return ValueTask.CompletedTask;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _written.Task;
            return 0;
        }
    }
}
