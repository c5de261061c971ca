using System.Collections.Immutable;

namespace Granary.Silo.Configuration.Values;

/// <summary>Some of the listeners with http.</summary>
/// <param name="IsAll">All with http.</param>
/// <param name="Some">These.</param>
public sealed record HttpListeners(bool IsAll, ImmutableArray<ListenAddress> Some)
{
    public static readonly HttpListeners None = new(false, []);

    public bool IsNone => !IsAll && Some.IsEmpty;

    public bool Has(ListenAddress listener) => !listener.IsHttps && (IsAll || Some.Contains(listener));

    public override string ToString() => IsAll ? "*" : string.Join(';', Some);
}

/// <summary>All listeners with http, or some.</summary>
public sealed class HttpListenersAttribute(string summary) : SettingAttribute(summary)
{
    private static readonly ListenAttribute Listeners = new("", several: true);

    public override bool IsList => true;

    public override string Argument => "*|URL[;URL]";

    public override string Allowed => "* for all of them, URLs as in Granary:Listen, separated by ;, or nothing";

    public override object? Read(string text)
    {
        if (Lists.Split(text) is { } parts && (parts is [] or ["*"])) return new HttpListeners(parts is ["*"], []);
        return Listeners.Read(text) is ImmutableArray<ListenAddress> some && some.All(static listener => !listener.IsHttps) ? new HttpListeners(false, some) : null;
    }

    public override string Show(object value) => value is HttpListeners { IsNone: false } some ? $"{some}" : "none";
}
