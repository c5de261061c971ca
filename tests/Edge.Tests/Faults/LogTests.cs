using Granary.Language;
using Microsoft.Extensions.Logging;

namespace Granary.Edge.Tests.Faults;

/// <summary>What an attacker can write into the log: nothing of his own, and little.</summary>
[Trait("Fault", "60")]
public sealed class LogTests
{
    private const string Forged = "FORGED";

    // A processor that others use makes the server and the silo warn of their own slowness, attack or not.
    private static bool IsAboutTheMachine(LogLine line) => line.Event == "HeartbeatSlow" || line.Category.StartsWith("Orleans.", StringComparison.Ordinal);

    [Fact]
    public async Task No_bytes_of_a_client_stand_raw_in_a_log_line_and_attacks_leave_no_warnings()
    {
        using var logs = Logs.Begin();
        await using var origin = Origin.Starts();
        origin.Acts("/closes", side =>
        {
            side.Closes();
            return Task.CompletedTask;
        });
        await using var process = await OneProcess.Starts(origin, ["--Logging:LogLevel:Granary", "Debug"], logs);
        logs.Lines.Clear();
        string[] attacks =
        [
            $"GET /a%0d%0a{Forged}%1b[31m HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /a\u001b[31m{Forged} HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /a\u0085\u00ff{Forged} HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: a\u0007{Forged}\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: a\r\nX: \n{Forged}\r\n\r\n",
            $"{Forged}\u001b / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /closes HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
            "POST /closes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /closes HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET http://a/{new string('a', 60_000)} HTTP/1.1\r\nHost: a\r\n\r\n",
        ];
        for (var i = 0; i < 10; i++)
            foreach (var attack in attacks)
            {
                using var client = await RawClient.Connects(process.Url);
                await client.Sends(attack);
                client.EndsSending();
                await client.ReadsToEnd();
            }

        await process.HasClients(0, soFar: attacks.Length * 10);
        foreach (var line in logs.Lines)
        {
            Assert.True(line.Level < LogLevel.Warning || IsAboutTheMachine(line), line.ToString());
            if (!line.Category.StartsWith("Granary", StringComparison.Ordinal)) continue;
            Assert.DoesNotContain(line.Text, c => c is < ' ' or >= '\u007f');
            if (line.Level > LogLevel.Debug) Assert.DoesNotContain(Forged, line.Text, StringComparison.Ordinal);
        }
    }
}
