using Microsoft.Win32.SafeHandles;

namespace Granary.Edge.Policy.Lists;

/// <summary>A list in a file. It has changed when its length or time has, and is read once it rests: it looks the same twice.</summary>
internal static class FileSource
{
    /// <param name="atOnce">For the first time: it need not rest.</param>
    /// <returns>Null if there is nothing new.</returns>
    public static async Task<ListReading?> Load(LoadedList list, bool atOnce, CancellationToken cancellationToken)
    {
        var file = new FileStream(list.Settings.File!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: false);
        await using (file.ConfigureAwait(false))
        {
            var stamp = StampOf(file.SafeFileHandle);
            if (stamp.Equals(list.Version)) return null;
            if (!atOnce && !stamp.Equals(list.Seen))
            {
                list.Seen = stamp;
                return null;
            }

            var reading = await ListReading.Of(file, stamp.Length, cancellationToken).ConfigureAwait(false);
            list.Version = stamp;
            return reading;
        }
    }

    private static Stamp StampOf(SafeFileHandle file) => new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));

    private sealed record Stamp(long Length, DateTime WrittenAt);
}
