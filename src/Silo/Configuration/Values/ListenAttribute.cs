using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>One or several URLs to listen on.</summary>
public sealed class ListenAttribute(string summary, bool several) : SettingAttribute(summary)
{
    public override bool IsList => several;

    public override string Argument => several ? "URL[;URL]" : "URL";

    public override string Allowed =>
        $"{(several ? "URLs, separated by ;, " : "one URL ")}such as http://localhost:8080, http://*:80, https://0.0.0.0:443 or http://[::1]:0: "
        + "http or https, an address, localhost or *, a port from 0 to 65535, no path";

    public override object? Read(string text)
    {
        var addresses = Lists.Split(text).Select(ListenAddress.Parse).ToArray();
        if (addresses.Length == 0 || addresses.Contains(null)) return null;
        return several ? addresses.ToImmutableArray() : addresses is [var one] ? one : null;
    }

    public override string? Suggest(string text)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit)) text = $"localhost:{text}";
        return Read($"http://{text}") is not null ? $"http://{text}" : null;
    }

    public override string Show(object value) => value is ImmutableArray<ListenAddress?> many ? string.Join(';', many) : $"{value}";
}
