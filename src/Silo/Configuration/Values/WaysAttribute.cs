using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>How a client comes to the forward proxy.</summary>
public enum PolicyWay
{
    /// <summary>A request in absolute-form (RFC 9112 §3.2.2).</summary>
    Http,

    /// <summary>A tunnel by CONNECT.</summary>
    Connect,

    /// <summary>A tunnel by SOCKS.</summary>
    Socks,
}

/// <summary>A list of ways in.</summary>
public sealed class WaysAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly OneOfAttribute Way = new("", typeof(PolicyWay));

    public override bool IsList => true;

    public override string Argument => "WAYS";

    public override string Allowed => $"{Way.Allowed}, separated by ; or ,";

    public override object? Read(string text)
    {
        var ways = Lists.Split(text).Select(Way.Read).ToArray();
        return ways.Length == 0 || ways.Contains(null) ? null : ways.Select(static way => (PolicyWay)way!).ToImmutableArray();
    }

    public override string Show(object value) => string.Join(", ", (ImmutableArray<PolicyWay>)value);
}
