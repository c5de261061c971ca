using System.IO.Compression;
using System.Xml;

namespace Granary.Cli.Commands;

/// <summary>The URLs that a sitemap names (sitemaps.org), also one that is an index of others, plain or with gzip. Bounded as that protocol is: 50 MB and 50,000 URLs in each.</summary>
internal static class Sitemap
{
    private const int MostCharacters = 50 << 20;

    private const int MostFiles = 500;

    /// <exception cref="XmlException">It is none.</exception>
    /// <exception cref="InvalidDataException">It is compressed and damaged, or leads to too many others.</exception>
    public static async Task<List<string>> Read(string place, CancellationToken cancellation)
    {
        using var http = new HttpClient { MaxResponseContentBufferSize = MostCharacters };
        var (urls, todo, seen) = (new List<string>(), new Queue<string>([place]), new HashSet<string>(StringComparer.Ordinal));
        while (todo.TryDequeue(out var next))
        {
            if (!seen.Add(next)) continue;
            if (seen.Count > MostFiles) throw new InvalidDataException($"{place} leads to more than {MostFiles} sitemaps.");
            var content = IsUrl(next) ? await http.GetByteArrayAsync(new Uri(next), cancellation) : await File.ReadAllBytesAsync(next, cancellation);
            foreach (var (isIndex, location) in Locations(content))
                if (!isIndex) urls.Add(location);
                else if (IsUrl(location)) todo.Enqueue(location); // never a file of this machine, whatever it says
        }

        return urls;
    }

    /// <summary>What its <c>loc</c> elements say, and whether they name sitemaps or pages.</summary>
    internal static IEnumerable<(bool IsIndex, string Location)> Locations(byte[] content)
    {
        using var stream = new MemoryStream(content);
        using Stream plain = content is [0x1f, 0x8b, ..] ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var xml = XmlReader.Create(plain, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters, IgnoreComments = true });
        xml.MoveToContent();
        var isIndex = xml.LocalName is "sitemapindex";
        if (!isIndex && xml.LocalName is not "urlset") throw new XmlException($"A sitemap begins with urlset or sitemapindex, and not with {xml.LocalName}.");
        while (xml.Read())
            // Extensions for pictures and news have loc elements of their own.
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "loc", Depth: 2 } && xml.ReadElementContentAsString().Trim() is { Length: > 0 } location) yield return (isIndex, location);
    }

    private static bool IsUrl(string place) => place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
