using System.Text;
using System.Text.Json;
using Granary.Language;

namespace Granary.Edge.Tests.Purging;

/// <summary>One process, whose admin port is asked to purge. Not shared with other tests: all is all.</summary>
public abstract class PurgeScene : IAsyncLifetime
{
    protected Origin Origin { get; } = Origin.Starts();

    protected OneProcess Process { get; private set; } = null!;

    protected Client Client { get; private set; } = null!;

    protected Logs Logs { get; } = Logs.Begin();

    protected virtual string[] Switches => [];

    public async Task InitializeAsync()
    {
        Process = await OneProcess.Starts(Origin, Switches, Logs);
        Client = Process.Client();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        await Origin.DisposeAsync();
    }

    protected string UriOf(string path) => new Uri(Process.Url, path).AbsoluteUri;

    /// <summary>Text is sent as it is, all else as JSON.</summary>
    protected async Task<(int Status, JsonElement Answer, HttpResponseMessage Message)> Purges(object what, params string[] fields)
    {
        using var admin = new HttpClient();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Process.Admin, "/purge")) { Content = new StringContent(what as string ?? JsonSerializer.Serialize(what), Encoding.UTF8) };
        foreach (var field in fields) request.Headers.TryAddWithoutValidation(field.Split(": ")[0], field.Split(": ")[1]);
        var message = await admin.SendAsync(request).Within();
        var content = await message.Content.ReadAsStringAsync().Within();
        return ((int)message.StatusCode, JsonDocument.Parse(content).RootElement, message);
    }

    protected async Task<JsonElement> HasPurged(object what)
    {
        var (status, answer, _) = await Purges(what);
        Assert.True(status == 200, answer.ToString());
        return answer;
    }
}
