using System.Text.Json.Nodes;
using Granary.Edge.Hosting;
using Granary.Language;
using Granary.Silo.Hosting;

namespace Granary.Deploy.Tests.Pods;

/// <summary>The process that the container of a pod runs, with the files it would find, asked for its health as a kubelet does.</summary>
internal sealed class RunningPod : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("granary-pod-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = static (_, shown, _, _) => Pem.Is(shown) } }) { Timeout = TimeSpan.FromSeconds(10) };

    private RunningPod(Pod pod, Namespace within, string? redis)
    {
        Pod = pod;
        foreach (var (mount, file, content) in within.FilesOf(pod)) Write(mount, file, content);
        foreach (var mount in Namespace.SecretsOf(pod)) Pem.WriteInto(Path.Join(_root.FullName, mount));
        var environment = within.EnvironmentOf(pod);
        if (redis is not null) environment["Granary__Cluster__Redis"] = redis;
        var command = (string)pod.Container["command"]![0]!;
        var arguments = within.ArgumentsOf(pod, environment).Select(InRoot);
        Process = RealProcess.Starts("env", [.. environment.Select(static pair => $"{pair.Key}={pair.Value}"), .. Program(command), .. arguments]);
    }

    public Pod Pod { get; }

    public RealProcess Process { get; }

    /// <param name="redis">Where Redis is, if it is not a pod.</param>
    public static RunningPod Starts(Pod pod, Namespace within, string? redis = null) => new(pod, within, redis);

    /// <summary>A file that it sees has another content: as a kubelet writes it when a ConfigMap has changed.</summary>
    public void Write(string mount, string file, string content)
    {
        var folder = Directory.CreateDirectory(Path.Join(_root.FullName, mount)).FullName;
        File.WriteAllText(Path.Combine(folder, $".{file}"), InRoot(content));
        File.Move(Path.Combine(folder, $".{file}"), Path.Combine(folder, file), overwrite: true);
    }

    /// <summary>First startup, then readiness and liveness say yes.</summary>
    public async Task IsInService()
    {
        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            if (Pod.Container[probe]?["httpGet"] is { } http) await Says200(http);
    }

    public async Task<(int Status, string Content)> Gets(string port, string path, string? host = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(port == "https" ? port : "http")}://{Pod.At(port)}{path}");
        request.Headers.Host = host;
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await _http.SendAsync(request).Within();
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync().Within());
    }

    /// <returns>The status of the answer.</returns>
    public async Task<int> Purges(string order, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Pod.At("admin")}/purge") { Content = new StringContent(order) };
        request.Headers.Authorization = new("Bearer", token);
        using var response = await _http.SendAsync(request).Within();
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private async Task Says200(JsonNode probe)
    {
        var said = "";
        await Deadline.Until(async () => (said = await Probe(probe)) == "200", () => $"{Pod.Name} {probe["path"]}: {said}\n{Process.Output}");
    }

    private async Task<string> Probe(JsonNode probe)
    {
        if (!Process.IsRunning) throw new InvalidOperationException($"{Pod.Name} ended:\n{Process.Output}");
        try
        {
            return $"{(await Gets((string)probe["port"]!, (string)probe["path"]!)).Status}";
        }
        catch (HttpRequestException away)
        {
            return away.Message;
        }
    }

    // Paths of volumes.
    private string InRoot(string text) => text == "/data" ? _root.FullName : text.Replace("/etc/granary/", $"{_root.FullName}/etc/granary/", StringComparison.Ordinal);

    private static string[] Program(string command) => command switch
    {
        "/app/Granary.Edge" => ["dotnet", typeof(EdgeHost).Assembly.Location],
        "/app/Granary.Silo" => ["dotnet", typeof(SiloHost).Assembly.Location],
        _ => [command],
    };
}
