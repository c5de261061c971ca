using System.Text;

namespace Granary.Edge.Tests.Listening;

public sealed class SmugglingFuzzTests : IAsyncLifetime
{
    private static readonly string[] Requests =
    [
        "GET /g HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
        "POST /l HTTP/1.1\r\nHost: a\r\nContent-Length: 35\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n",
        "POST /c HTTP/1.1\r\nHost: a:80\r\nTransfer-Encoding: chunked\r\n\r\n23;x=y\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n\r\n5\r\nabcde\r\n0\r\nT: v\r\n\r\n",
        "POST /e HTTP/1.1\r\nHost: [::1]\r\ntransfer-encoding:chunked\r\n\r\n0\r\n\r\n",
        "GET /k HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ];

    private static readonly string[] Insertions =
    [
        "\r", "\n", "\r\n", "\0", " ", "\t", ":", ",", ";", "+", "-", "0", "1", "5", "f", "\x80", "\v", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x\r\n",
        "Host: b\r\n", "\r\n\r\n", "0\r\n\r\n", "GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n", "Content-Length : 5\r\n", " Transfer-Encoding: chunked\r\n", "chunked, ", "X: y\n",
    ];

    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    /// <summary>Behind every stream stand line feeds, which no state but content accepts: so each one ends, and not by a time-out.</summary>
    [Theory, Trait("Spec", "RFC 9112 §11.2"), Trait("Kind", "required")]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Given_valid_requests_mutated_anyhow_when_sent_then_the_application_sees_only_what_a_strict_reader_sees(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            var stream = Mutated(random) + new string('\n', 20_000);
            var (allowed, waits) = StrictReference.Read(stream);
            _server.Seen.Clear();
            await WireClient.Exchange(_server.Address, stream, thenLeave: waits);
            await _server.IsQuiet();
            var seen = _server.Seen.Where(s => !s.Contains(" broken: ", StringComparison.Ordinal)).ToList();
            Assert.True(seen.Count <= allowed.Count && seen.Zip(allowed).All(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal)),
                $"{seed}/{i}: {stream.TrimEnd('\n')}\nseen {string.Join(" + ", seen)}\nallowed {string.Join(" + ", allowed)}");
        }
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_the_same_requests_unchanged_when_sent_then_the_application_and_the_strict_reader_agree()
    {
        var stream = string.Concat(Requests) + "\n";
        await WireClient.Exchange(_server.Address, stream);
        await _server.IsQuiet();
        Assert.Equal(StrictReference.Read(stream).Requests, _server.Seen.Select(s => s.Split("|T=")[0]));
        Assert.Equal(5, _server.Seen.Count);
    }

    private static string Mutated(Random random)
    {
        var stream = new StringBuilder();
        for (var i = random.Next(1, 5); i > 0; i--) stream.Append(Requests[random.Next(Requests.Length)]);
        for (var i = random.Next(1, 4); i > 0; i--) Mutate(stream, random);
        return stream.ToString();
    }

    private static void Mutate(StringBuilder stream, Random random)
    {
        var at = random.Next(stream.Length);
        var length = Math.Min(random.Next(1, 12), stream.Length - at);
        switch (random.Next(4))
        {
            case 0: stream.Insert(at, Insertions[random.Next(Insertions.Length)]); break;
            case 1: stream.Remove(at, length); break;
            case 2: stream.Insert(at, stream.ToString(at, length)); break;
            default: stream[at] = (char)random.Next(0xF0); break;
        }
    }
}
