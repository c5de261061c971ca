using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of content codings (RFC 9110 §8.4.1), in order.</summary>
public sealed class CodingsAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly string[] Known = ["br", "zstd", "gzip"];

    public override bool IsList => true;

    public override string Argument => "CODINGS";

    public override string Allowed => $"one or several of {string.Join(", ", Known)}, separated by ; or ,, each only once";

    public override object? Read(string text)
    {
        var codings = Lists.Split(text.ToLowerInvariant());
        return codings.Length > 0 && codings.All(Known.Contains) && codings.Distinct().Count() == codings.Length ? codings.ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);
}
