namespace Granary.Edge.Tests.Listening;

public sealed class InterimResponseTests : IAsyncLifetime
{
    private GuardedServer _server = null!;

    public async Task InitializeAsync() => _server = await GuardedServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task Given_interim_responses_when_sent_before_the_final_one_then_the_client_gets_them_first_and_safe()
    {
        using var client = await WireClient.Connect(_server.Address);
        for (var i = 0; i < 3; i++)
        {
            await client.Send("GET /hint HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", await client.ReadTo("\r\n\r\n"));
            Assert.Equal("HTTP/1.1 102 Processing\r\n\r\n", await client.ReadTo("\r\n\r\n"));
            var final = await client.ReadTo("\r\n0\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", final, StringComparison.Ordinal);
            Assert.Contains("X-Could: True", final, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n5\r\nfinal\r\n0\r\n\r\n", final, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task Given_pipelined_requests_when_hints_are_sent_then_each_stands_before_its_own_answer()
    {
        const string Ask = "GET /hint HTTP/1.1\r\nHost: a\r\n\r\n";
        var answers = await WireClient.Exchange(_server.Address, Ask + Ask + Ask.Replace("Host", "Connection: close\r\nHost", StringComparison.Ordinal));
        var statuses = answers.Split("HTTP/1.1 ")[1..].Select(head => head[..3]);
        Assert.Equal(["103", "102", "200", "103", "102", "200", "103", "102", "200"], statuses);
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2"), Trait("Kind", "required")]
    public async Task Given_a_client_of_http_1_0_when_a_hint_is_sent_then_it_gets_only_the_final_response()
    {
        var answer = await WireClient.Exchange(_server.Address, "GET /hint HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Could: False", answer, StringComparison.Ordinal);
        Assert.Equal(1, StrictHttp1Tests.Count(answer, "HTTP/1.1 "));
    }

    [Fact, Trait("Spec", "RFC 9110 §15.2.1"), Trait("Kind", "check")]
    public async Task Given_an_expectation_when_hints_are_sent_too_then_the_100_of_kestrel_follows_them()
    {
        using var client = await WireClient.Connect(_server.Address);
        await client.Send("POST /hint HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        await client.ReadTo("HTTP/1.1 102 Processing\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadTo("\r\n\r\n"));
        await client.Send("abc");
        await client.ReadTo("finalabc");
    }

    [Fact, Trait("Kind", "check")]
    public async Task Given_a_hint_for_a_former_request_when_it_comes_late_then_the_next_request_does_not_get_it()
    {
        using var client = await WireClient.Connect(_server.Address);
        for (var i = 0; i < 3; i++)
        {
            await client.Send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.DoesNotContain("103", await client.ReadTo("\r\n0\r\n\r\n"), StringComparison.Ordinal);
        }
    }
}
