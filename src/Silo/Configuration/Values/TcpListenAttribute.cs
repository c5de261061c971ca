namespace Granary.Silo.Configuration.Values;

/// <summary>An address with a port, or with several in a row, to listen on.</summary>
public sealed class TcpListenAttribute(string summary) : SettingAttribute(summary)
{
    public override string Argument => "ADDRESS:PORT";

    public override string Allowed => "an address, localhost or *, and a port from 0 to 65535 or a range of at most 1000, such as *:22, [::1]:5432 or 10.0.0.1:50000-50099";

    public override object? Read(string text) => TcpListen.Parse(text);

    public override string? Suggest(string text)
    {
        var plain = text[(text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)..].TrimEnd('/');
        if (plain.Length > 0 && plain.All(char.IsAsciiDigit)) plain = $"*:{plain}";
        return TcpListen.Parse(plain) is null ? null : plain;
    }
}
