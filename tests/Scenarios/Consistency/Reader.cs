using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Granary.Language;

namespace Granary.Scenarios.Consistency;

/// <summary>
/// A client of one edge, whichever process that is at the time. An answer that lets itself be waited for is left to come when it likes, and the next request goes out on another
/// connection: so an edge that is stopped finds requests, when it wakes, that were sent after it had missed a purge.
/// </summary>
internal sealed class Reader(int place, Places places, History history, Tally tally) : IDisposable
{
    private const int MostLate = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<Task> _late = [];
    private EdgeProcess? _edge;
    private Connection? _connection;

    /// <summary>One read; it may still be under way when this returns.</summary>
    public async Task Reads(Resource resource, string language)
    {
        if (await Connects() is not { } connection) return;
        var reading = Read(connection, resource, language);
        try
        {
            if (!await reading.WaitAsync(Patience, TimeProvider.System)) Leaves();
        }
        catch (TimeoutException)
        {
            _connection = null;
            _late.RemoveAll(static late => late.IsCompleted);
            _late.Add(reading.ContinueWith(_ => connection.Dispose(), TaskScheduler.Default));
            if (_late.Count == MostLate) await Task.WhenAny(_late);
        }
    }

    /// <summary>What is late has come too.</summary>
    public Task Ends() => Task.WhenAll(_late).Within(() => $"Edge {place} left requests without an answer.");

    public void Dispose() => Leaves();

    /// <returns>Null where nobody is there.</returns>
    private async Task<Connection?> Connects()
    {
        var edge = places.Edge(place);
        if (edge != _edge) Leaves();
        _edge = edge;
        try
        {
            if (edge is not null) return _connection ??= await Connection.To(edge.Url);
        }
        catch (SocketException)
        {
            tally.Breaks(hadBegun: false);
        }

        await Wait.For(Pause); // until somebody is there
        return null;
    }

    private void Leaves()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <returns>Whether the connection may be used again.</returns>
    private async Task<bool> Read(Connection connection, Resource resource, string language)
    {
        var read = history.Begins(resource.Number);
        try
        {
            var reply = await connection.Asks(resource, language);
            Judges(read, resource, language, reply);
            return true;
        }
        catch (IOException)
        {
            tally.Breaks(connection.HasBegun);
        }
        catch (InvalidDataException torn)
        {
            tally.Torn.Enqueue($"{resource.Url} at edge {place}: {torn.Message}");
        }

        return false;
    }

    private void Judges(in History.Read read, Resource resource, string language, in Reply reply)
    {
        if (reply.Status != 200)
        {
            tally.Fails(reply.Status);
            return;
        }

        if (VersionOf(reply.Line) is not { } version || reply.Line != resource.LineOf(version, language) || !IsWhole(resource, version, reply))
        {
            tally.Torn.Enqueue($"{resource.Url} ({language}) at edge {place}: '{reply.Line}', {reply.ContentLength} bytes that are something else; {reply.CacheStatus}");
            return;
        }

        tally.Counts(reply);
        history.Ends(read, version, $"{resource.Url} at edge {place} ({reply.CacheStatus})");
    }

    private static long? VersionOf(string? line) =>
        line?.Split(' ') is [_, var version, _] && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Every line is that of the head, and there are as many as this version has.
    private static bool IsWhole(Resource resource, long version, in Reply reply)
    {
        var line = Encoding.Latin1.GetBytes(reply.Line + "\n");
        var content = reply.Content.Span;
        return content.Length == line.Length * resource.LinesOf(version) && content.StartsWith(line) && content[line.Length..].SequenceEqual(content[..^line.Length]);
    }
}
