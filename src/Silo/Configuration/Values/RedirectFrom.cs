using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>The listeners that send their clients to https.</summary>
/// <param name="IsAll">All with http.</param>
/// <param name="Some">These.</param>
public sealed record RedirectFrom(bool IsAll, ImmutableArray<ListenAddress> Some)
{
    public static readonly RedirectFrom None = new(false, []);

    public bool IsNone => !IsAll && Some.IsEmpty;

    public bool Has(ListenAddress listener) => !listener.IsHttps && (IsAll || Some.Contains(listener));

    public override string ToString() => IsAll ? "*" : string.Join(';', Some);
}

/// <summary>All listeners with http, or some.</summary>
public sealed class RedirectFromAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly ListenAttribute Listeners = new("", several: true);

    public override bool IsList => true;

    public override string Argument => "*|URL[;URL]";

    public override string Allowed => "* for all of them, URLs as in Granary:Listen, separated by ;, or nothing";

    public override object? Read(string text)
    {
        if (Lists.Split(text) is { } parts && (parts is [] or ["*"])) return new RedirectFrom(parts is ["*"], []);
        return Listeners.Read(text) is ImmutableArray<ListenAddress> some && some.All(static listener => !listener.IsHttps) ? new RedirectFrom(false, some) : null;
    }

    public override string Show(object value) => value is RedirectFrom { IsNone: false } some ? $"{some}" : "none";
}
