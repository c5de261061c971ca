using System.IO.Compression;
using System.Text;
using Granary.Language;

namespace Granary.Edge.Tests.Rules;

/// <summary>Reads what came compressed.</summary>
internal static class Decoding
{
    /// <summary>Content that is worth compressing, and tells where it is.</summary>
    public static string Text(int length) => string.Concat(Enumerable.Range(0, (length / 16) + 1).Select(static i => $"line {i:D9} \n"))[..length];

    public static Got IsCoded(this Got got, string coding, string content)
    {
        Assert.Equal(coding, got.Field("Content-Encoding"));
        Assert.Equal(content, Decoded(got.Content, coding));
        return got;
    }

    public static string Decoded(string coded, string coding)
    {
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(coded));
        using Stream decoder = coding == "br" ? new BrotliStream(bytes, CompressionMode.Decompress) : new GZipStream(bytes, CompressionMode.Decompress);
        using var reader = new StreamReader(decoder, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
