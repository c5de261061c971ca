using System.Text;

namespace Granary.Edge.Hiding;

/// <summary>The references that fields have in their values, turned outward one by one; all else of a value stays as it is.</summary>
internal static class OutwardValues
{
    /// <summary>Seconds, then a semicolon or comma, then a reference, often after <c>url=</c> and in quotes, as browsers read it.</summary>
    public static string Refresh(string value, OutwardNames names)
    {
        var start = value.AsSpan().IndexOfAny(";,") + 1;
        if (start == 0) return value;
        start = SkipBlanks(value, start);
        if (value.AsSpan(start).StartsWith("url", StringComparison.OrdinalIgnoreCase) && SkipBlanks(value, start + 3) is var equals && equals < value.Length && value[equals] == '=')
            start = SkipBlanks(value, equals + 1);
        var quote = start < value.Length && value[start] is '"' or '\'' ? value[start++] : '\0';
        var end = quote != 0 && value.IndexOf(quote, start) is >= 0 and var closed ? closed : value.Length;
        return $"{value.AsSpan(0, start)}{names.Reference(value[start..end])}{value.AsSpan(end)}";
    }

    /// <summary>RFC 8288 §3: targets in angle brackets and contexts in quotes, where they name a server; relative ones stay.</summary>
    public static string Link(string value, OutwardNames names)
    {
        var text = new StringBuilder(value.Length + 16);
        var at = 0;
        while (value.AsSpan(at).IndexOfAny("<\"") is >= 0 and var found)
        {
            var open = at + found;
            var close = value.IndexOf(value[open] == '<' ? '>' : '"', open + 1);
            if (close < 0) break;
            text.Append(value, at, open + 1 - at).Append(names.Reference(value[(open + 1)..close], onlyNames: true)).Append(value[close]);
            at = close + 1;
        }

        return text.Append(value, at, value.Length - at).ToString();
    }

    /// <summary>RFC 6265 §5.2: everything up to the first semicolon is the cookie, the rest attributes.</summary>
    public static string SetCookie(string value, OutwardNames names)
    {
        var parts = value.Split(';');
        if (parts.Length == 1) return value;
        var text = new StringBuilder(parts[0], value.Length + 16);
        var keepsPath = parts[0].AsSpan().TrimStart().StartsWith("__Host-", StringComparison.OrdinalIgnoreCase); // such a cookie must have the path /
        foreach (var part in parts.AsSpan(1))
            if (Attribute(part, names, keepsPath) is { } attribute) text.Append(';').Append(attribute);
        return text.ToString();
    }

    private static string? Attribute(string part, OutwardNames names, bool keepsPath)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return part;
        var (name, value) = (part[..equals].Trim(), part[(equals + 1)..].Trim());
        if (name.Equals("Domain", StringComparison.OrdinalIgnoreCase))
            return names.Domain(value) switch { null => part, "" => null, var outer => $" {name}={outer}" };
        if (!keepsPath && name.Equals("Path", StringComparison.OrdinalIgnoreCase) && value.StartsWith('/'))
            return names.OnPath(value) is var outer && outer == value ? part : $" {name}={outer}";
        return part;
    }

    private static int SkipBlanks(string value, int at)
    {
        while (at < value.Length && value[at] is ' ' or '\t') at++;
        return at;
    }
}
