using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Granary.Silo.Configuration;

namespace Granary.Edge.Errors;

/// <summary>
/// An operator's pages for errors, for clients that want HTML. They are read again after a while, one request at a time, while the others go on with the former ones; what cannot be
/// read is no page.
/// </summary>
internal sealed class ErrorPages(Func<ErrorSettings> settings, TimeProvider clock)
{
    private const int MostBytes = 1 << 18;

    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(2);

    private Known _known = new(null, FrozenDictionary<string, string>.Empty, 0);
    private int _isReading;

    /// <summary>The page of that error, with its placeholders; null if there is none.</summary>
    public string? Of(ForwardError error)
    {
        if (settings().Pages is not { } directory) return null;
        var pages = Current(directory).Pages;
        var status = error.Status.ToString(CultureInfo.InvariantCulture);
        foreach (var name in (ReadOnlySpan<string>)[error.Token, status, $"{status[0]}xx", "error"])
            if (pages.TryGetValue(name, out var page)) return page;
        return null;
    }

    private Known Current(string directory)
    {
        var known = Volatile.Read(ref _known);
        if (known.Directory == directory && clock.GetElapsedTime(known.At) < LooksAgainAfter) return known;
        if (Interlocked.Exchange(ref _isReading, 1) != 0) return known.Directory == directory ? known : new Known(directory, FrozenDictionary<string, string>.Empty, 0);
        try
        {
            known = new Known(directory, Read(directory), clock.GetTimestamp());
            Volatile.Write(ref _known, known);
            return known;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private static FrozenDictionary<string, string> Read(string directory)
    {
        var pages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*.html").Where(static file => file.Length <= MostBytes).Take(100))
                pages[Path.GetFileNameWithoutExtension(file.Name)] = File.ReadAllText(file.FullName, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Those that could be read count; an error of ours must not fail for the look of it.
        }

        return pages.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Known(string? Directory, FrozenDictionary<string, string> Pages, long At);
}
