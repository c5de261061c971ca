namespace Granary.Silo.Configuration.Values;

/// <summary>A size in bytes between two others.</summary>
public sealed class SizeAttribute(string summary, string least, string most) : SettingAttribute(summary)
{
    /// <summary>May be a share of the process's memory limit.</summary>
    public bool PercentAllowed { get; init; }

    public override string Argument => "SIZE";

    public override string Allowed =>
        $"a size such as 65536, 512KB, 64MiB or 2GiB{(PercentAllowed ? ", or 25% of the process's memory limit" : "")}, from {least} to {most}";

    public override object? Read(string text) =>
        ByteSize.Parse(text, PercentAllowed) is { } bytes && bytes >= ByteSize.Parse(least, false) && bytes <= ByteSize.Parse(most, false) ? bytes : null;

    public override string Show(object value) => ByteSize.Show((long)value);
}
