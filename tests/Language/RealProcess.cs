using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Granary.Language;

/// <summary>A process started as a user would start it. It does not outlive the tests, whatever becomes of them.</summary>
public sealed class RealProcess : IAsyncDisposable
{
    private const int SigTerm = 15, SigStop = 19, SigCont = 18;

    private static readonly ConcurrentDictionary<int, Process> Living = new();

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<(Regex Pattern, TaskCompletionSource<Match> Said)> _waiting = [];
    private readonly Task _read;

    static RealProcess() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var process in Living.Values) process.Kill();
    };

    private RealProcess(Process process)
    {
        _process = process;
        Living[process.Id] = process;
        _read = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
        _ = _read.ContinueWith(_ => GiveUp(), TaskScheduler.Default);
    }

    /// <summary>Everything that it has written, so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public bool IsRunning => !_process.HasExited;

    public static RealProcess Starts(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new RealProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Waits for a line, or finds it among those that were written before.</summary>
    /// <exception cref="InvalidOperationException">It ended without it.</exception>
    public Task<Match> Says(string pattern)
    {
        var regex = new Regex(pattern);
        lock (_lines)
        {
            foreach (var line in _lines)
                if (regex.Match(line) is { Success: true } match) return Task.FromResult(match);
            var said = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((regex, said));
            if (_read.IsCompleted) said.TrySetException(Ended());
            return said.Task.Within(() => $"'{pattern}' was not said:\n{Output}");
        }
    }

    public int Count(string pattern)
    {
        lock (_lines) return _lines.Count(line => Regex.IsMatch(line, pattern));
    }

    public void IsToldToStop() => Signal(SigTerm);

    public void IsPaused() => Signal(SigStop);

    public void IsResumed() => Signal(SigCont);

    /// <summary>All that it said has been read then, to its last word.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Ends()
    {
        await Task.WhenAll(_process.WaitForExitAsync(), _read).Within(() => $"It does not end:\n{Output}");
        return _process.ExitCode;
    }

    public async Task IsKilled()
    {
        if (!_process.HasExited) _process.Kill();
        await Ends();
    }

    public async ValueTask DisposeAsync()
    {
        await IsKilled();
        Living.TryRemove(_process.Id, out _);
        await _read;
        _process.Dispose();
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) Take(line);
    }

    private void Take(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
            _waiting.RemoveAll(waiting => waiting.Pattern.Match(line) is { Success: true } match && waiting.Said.TrySetResult(match));
        }
    }

    private void GiveUp()
    {
        lock (_lines)
            foreach (var (_, said) in _waiting) said.TrySetException(Ended());
    }

    private InvalidOperationException Ended() => new($"The process ended:\n{Output}");

    private void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0) throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
    }

#pragma warning disable IDE1006 // the name in libc
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
#pragma warning restore IDE1006
}
