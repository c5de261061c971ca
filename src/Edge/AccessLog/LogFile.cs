using System.Globalization;
using Granary.Silo.Configuration;
using Granary.Silo.Configuration.Values;

namespace Granary.Edge.AccessLog;

/// <summary>
/// The file of an access log, or the standard output. Once a second it is looked whether the file is still there and as long as we left it: whoever rotates it by renaming or truncating gets a new one.
/// Only one thread writes.
/// </summary>
internal sealed class LogFile(string path, Func<AccessLogSettings> settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private Stream? _stream;
    private long _looked;

    private bool IsFile => path != LogPathAttribute.StandardOutput;

    /// <summary>Whole lines.</summary>
    /// <exception cref="IOException">They are not written, and no part of them is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_stream is null || HasGone()) Open();
        if (IsFile && settings().MaxSize is > 0 and var most && _stream!.Length > 0 && _stream.Length + lines.Length > most) Rotate();
        var before = IsFile ? _stream!.Length : 0;
        try
        {
            _stream!.Write(lines);
            _stream.Flush();
        }
        catch (IOException)
        {
            TakeBack(before);
            throw;
        }
    }

    public void Dispose() => _stream?.Dispose();

    private void Open()
    {
        _stream?.Dispose();
        _looked = clock.GetTimestamp();
        if (!IsFile) _stream = Console.OpenStandardOutput();
        else
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead; // it names people
            _stream = new FileStream(path, options);
        }
    }

    private bool HasGone()
    {
        if (!IsFile || clock.GetElapsedTime(_looked) < LooksEvery) return false;
        _looked = clock.GetTimestamp();
        var there = new FileInfo(path);
        return !there.Exists || there.Length != _stream!.Position;
    }

    private void Rotate()
    {
        _stream!.Dispose();
        _stream = null;
        for (var i = settings().Keep; i > 0; i--)
            if (i == 1 || File.Exists(Numbered(i - 1))) File.Move(i == 1 ? path : Numbered(i - 1), Numbered(i), overwrite: true);
        Open();
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    // Half of a line would become one with the next.
    private void TakeBack(long before)
    {
        try
        {
            if (IsFile) _stream!.SetLength(before);
        }
        catch (IOException)
        {
            // It is opened anew, and what can be done has been.
        }

        _stream!.Dispose();
        _stream = null;
    }
}
