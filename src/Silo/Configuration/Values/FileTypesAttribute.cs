using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>A list of what stands behind the dot of a file's name. Read into lower case, with the dot.</summary>
public sealed class FileTypesAttribute(string summary) : SettingAttribute(summary)
{
    private const int Most = 32;

    public override bool IsList => true;

    public override string Argument => "TYPES";

    public override string Allowed => "types such as exe, .zip or tar.gz, separated by ; or ,";

    public override object? Read(string text)
    {
        var types = Lists.Split(text).Select(static type => type.TrimStart('.')).ToArray();
        return types.Length > 0 && types.All(IsType) ? types.Select(static type => $".{type.ToLowerInvariant()}").ToImmutableArray() : null;
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<string>)value);

    private static bool IsType(string type) => type.Length is > 0 and <= Most && type[^1] != '.' && type.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
