using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>One configuration key: the property it fills, the sections on the way to it, and what stands beside that property.</summary>
internal sealed record SettingKey(string Key, ImmutableArray<PropertyInfo> Sections, PropertyInfo Property, SettingAttribute Setting)
{
    public const string Root = "Granary";

    public static readonly ImmutableArray<SettingKey> All = [.. Find()];

    public static readonly FrozenDictionary<string, SettingKey> ByKey = All.ToFrozenDictionary(k => k.Key, StringComparer.OrdinalIgnoreCase);

    public static readonly FrozenDictionary<string, SettingKey> BySwitch =
        All.Where(k => k.Setting.Switch is not null).ToFrozenDictionary(k => k.Setting.Switch!, StringComparer.OrdinalIgnoreCase);

    private static readonly GranarySettings Defaults = new();

    public string DefaultText => Setting.DefaultText ?? (Get(Defaults) is { } value ? Setting.Show(value) : "none");

    public object? Get(GranarySettings settings) => Property.GetValue(Owner(settings));

    /// <summary>Only for settings that nobody else has seen yet.</summary>
    public void Set(GranarySettings unpublished, object? value) => Property.SetValue(Owner(unpublished), value);

    private object Owner(GranarySettings settings) => Sections.Aggregate((object)settings, static (owner, section) => section.GetValue(owner)!);

    private static IEnumerable<SettingKey> Find() => Find(typeof(GranarySettings), Root, []);

    private static IEnumerable<SettingKey> Find(Type type, string path, ImmutableArray<PropertyInfo> sections)
    {
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
                yield return new SettingKey($"{path}:{property.Name}", sections, property, setting);
            else if (property.PropertyType.Namespace == type.Namespace)
                foreach (var inner in Find(property.PropertyType, $"{path}:{property.Name}", sections.Add(property))) yield return inner;
        }
    }
}
