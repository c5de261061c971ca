using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Granary.Language;

/// <summary>A real redis-server on loopback, with nothing in it and nothing kept.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    // Below the ports that the system gives out by itself, so that it is still free when the server comes back.
    private const int FirstPort = 20_000, LastPort = 32_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("granary-redis-");
    private readonly List<RealProcess> _gone = [];
    private RealProcess? _process;

    private RedisServer(int port) => Port = port;

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A place where a server will be.</summary>
    public static RedisServer WillBe() => new(RandomNumberGenerator.GetInt32(FirstPort, LastPort));

    public static async Task<RedisServer> Starts()
    {
        while (true)
        {
            var server = WillBe();
            try
            {
                await server.ComesUp();
                return server;
            }
            catch (InvalidOperationException) when (server._process!.Output.Contains("Address already in use", StringComparison.Ordinal))
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Empty, as it keeps nothing.</summary>
    public async Task ComesUp()
    {
        if (_process is not null) _gone.Add(_process);
        _process = IsReal ? Redis() : StandIn();
        await _process.Says("Ready to accept connections");
    }

    public Task IsKilled() => _process!.IsKilled();

    public void IsPaused() => _process!.IsPaused();

    public void IsResumed() => _process!.IsResumed();

    public Task IsEmptied() => Does("FLUSHALL");

    public async Task TakesNoWrites(bool none = true) => await Does($"CONFIG SET min-replicas-to-write {(none ? 1 : 0)}");

    /// <summary>Whether a redis-server is installed. Else Garnet stands in for it, which knows less of being out of order.</summary>
    public static bool IsReal { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server"))) && Environment.GetEnvironmentVariable("GRANARY_GARNET") != "1";

    /// <summary>How many silos the membership table of the default cluster names.</summary>
    public async Task<int> CountOfRows() => int.Parse((await Does("HLEN granary/members/granary"))[1..], CultureInfo.InvariantCulture) is > 0 and var fields ? fields - 1 : 0;

    /// <summary>A command in one line, as one would type it.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> Does(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port).Within();
        using var stream = client.GetStream();
        var words = command.Split(' ');
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"*{words.Length}\r\n" + string.Concat(words.Select(static word => $"${word.Length}\r\n{word}\r\n"))));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync().Within() ?? throw new IOException("Redis closed the connection.");
    }

    private RealProcess Redis() => RealProcess.Starts(
        "redis-server", ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _directory.FullName]);

    // Built beside the tests, with packages of its own: bin/<configuration>/<framework> there as here.
    private RealProcess StandIn()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var bin = Path.Combine(here.Parent!.Parent!.Parent!.Parent!.FullName, "RedisStandIn", "bin", here.Parent.Name, here.Name);
        return RealProcess.Starts("dotnet", [Path.Combine(bin, "Granary.RedisStandIn.dll"), Port.ToString(CultureInfo.InvariantCulture)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _gone) await process.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
