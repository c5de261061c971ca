using System.Globalization;
using System.Text.RegularExpressions;

namespace Granary.Edge.Tests.Listening;

/// <summary>RFC 9112 read strictly with regular expressions over the whole stream: slow, plain, and written apart from the inspectors.</summary>
internal static partial class StrictReference
{
    /// <summary>The requests up to the first doubt; whether the stream then ends inside content, so that more is waited for.</summary>
    public static (List<string> Requests, bool Waits) Read(string stream)
    {
        var requests = new List<string>();
        for (var at = 0; ;)
        {
            if (string.CompareOrdinal(stream, at, "\r\n", 0, 2) == 0) at += 2;
            var line = RequestLine().Match(stream, at);
            if (!line.Success) return (requests, false);
            at += line.Length;
            if (Fields(stream, ref at) is not { } fields) return (requests, false);
            if (!IsFramed(fields, line.Groups[3].Value)) return (requests, false);
            if (!TryContent(stream, ref at, fields, out var content)) return (requests, content is null);
            requests.Add($"{line.Groups[1]} {line.Groups[2]} [{content}]");
        }
    }

    private static ILookup<string, string>? Fields(string stream, ref int at)
    {
        var fields = new List<(string Name, string Value)>();
        while (string.CompareOrdinal(stream, at, "\r\n", 0, 2) != 0)
        {
            var field = Field().Match(stream, at);
            if (!field.Success) return null;
            fields.Add((field.Groups[1].Value.ToUpperInvariant(), field.Groups[2].Value.Trim(' ', '\t')));
            at += field.Length;
        }

        at += 2;
        return fields.ToLookup(f => f.Name, f => f.Value);
    }

    private static bool IsFramed(ILookup<string, string> fields, string version)
    {
        var (hosts, lengths, codings) = (fields["HOST"].ToList(), fields["CONTENT-LENGTH"].ToList(), fields["TRANSFER-ENCODING"].ToList());
        return hosts.Count <= 1 && (hosts.Count == 1 || version == "1.0") && hosts.All(h => Host().IsMatch(h))
            && lengths.Count <= 1 && lengths.All(l => Digits().IsMatch(l)) && codings.Count <= 1
            && codings.All(c => c.Equals("chunked", StringComparison.OrdinalIgnoreCase) && version == "1.1" && lengths.Count == 0);
    }

    private static bool TryContent(string stream, ref int at, ILookup<string, string> fields, out string? content)
    {
        content = "";
        if (fields["TRANSFER-ENCODING"].Any()) return TryChunks(stream, ref at, out content);
        return !fields["CONTENT-LENGTH"].Any() || TryTake(stream, ref at, long.Parse(fields["CONTENT-LENGTH"].Single(), CultureInfo.InvariantCulture), out content);
    }

    private static bool TryChunks(string stream, ref int at, out string? content)
    {
        for (content = ""; ;)
        {
            var size = ChunkSize().Match(stream, at);
            if (!size.Success) return false;
            at += size.Length;
            var length = long.Parse(size.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0) return Fields(stream, ref at) is { } trailers && !trailers.Any(t => t.Key is "HOST" or "CONTENT-LENGTH" or "TRANSFER-ENCODING");
            if (!TryTake(stream, ref at, length, out var data)) return (content = null) is not null;
            if (string.CompareOrdinal(stream, at, "\r\n", 0, 2) != 0) return false;
            at += 2;
            content += data;
        }
    }

    private static bool TryTake(string stream, ref int at, long length, out string? taken)
    {
        taken = length <= stream.Length - at ? stream.Substring(at, (int)length) : null;
        if (taken is not null) at += taken.Length;
        return taken is not null;
    }

    [GeneratedRegex(@"\G([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21\x22\x24-\x7E]+) HTTP/(1\.[01])\r\n")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\G([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7E\x80-\xFF]*)\r\n")]
    private static partial Regex Field();

    [GeneratedRegex(@"\G([0-9A-Fa-f]{1,15})(?:;[\t\x20-\x7E\x80-\xFF]*)?\r\n")]
    private static partial Regex ChunkSize();

    [GeneratedRegex(@"\A[0-9]{1,18}\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A(?:\[[!$&'()*+;=\-._~0-9A-Za-z:]*\]|(?:[!$&'()*+;=\-._~0-9A-Za-z]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?\z")]
    private static partial Regex Host();
}
