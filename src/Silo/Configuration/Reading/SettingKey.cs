using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Granary.Silo.Configuration.Values;

namespace Granary.Silo.Configuration.Reading;

/// <summary>One configuration key: the property it fills, the sections on the way to it from the whole they are in, and what stands beside that property.</summary>
internal sealed record SettingKey(string Key, Type Whole, ImmutableArray<PropertyInfo> Sections, PropertyInfo Property, SettingAttribute Setting)
{
    public const string Root = "Granary";

    /// <summary>Those that there is one of.</summary>
    public static readonly ImmutableArray<SettingKey> All = [.. In(typeof(GranarySettings), Root)];

    /// <summary>Those of the records in lists as well, under the number 0.</summary>
    public static readonly FrozenDictionary<string, SettingKey> ByKey =
        All.Concat(RecordList.AllKeys).ToFrozenDictionary(k => k.Key, StringComparer.OrdinalIgnoreCase);

    public static readonly FrozenDictionary<string, SettingKey> BySwitch =
        All.Where(k => k.Setting.Switch is not null).ToFrozenDictionary(k => k.Setting.Switch!, StringComparer.OrdinalIgnoreCase);

    public string DefaultText => Setting.DefaultText ?? (Setting.IsRequired ? "none: it has to be given" : Get(Activator.CreateInstance(Whole)!) is { } value ? Setting.Show(value) : "none");

    public object? Get(object whole) => Property.GetValue(Owner(whole));

    /// <summary>Only for settings that nobody else has seen yet.</summary>
    public void Set(object unpublished, object? value) => Property.SetValue(Owner(unpublished), value);

    /// <summary>The value as one would write it; null if there is none.</summary>
    public string? Text(object whole) => Get(whole) is { } value ? Setting.Show(value) : null;

    /// <summary>The keys of a type that are not those of records in a list.</summary>
    public static IEnumerable<SettingKey> In(Type whole, string path) => Find(whole, whole, path, []);

    private object Owner(object whole) => Sections.Aggregate(whole, static (owner, section) => section.GetValue(owner)!);

    private static IEnumerable<SettingKey> Find(Type whole, Type type, string path, ImmutableArray<PropertyInfo> sections)
    {
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
                yield return new SettingKey($"{path}:{property.Name}", whole, sections, property, setting);
            else if (property.PropertyType.Namespace == type.Namespace)
                foreach (var inner in Find(whole, property.PropertyType, $"{path}:{property.Name}", sections.Add(property))) yield return inner;
        }
    }
}
